// The operator's console: tenants and how they are, and the rooms of each.
import { html, render, useEffect, useRef, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask, secretIsThere } from "../api.js";
import { Loading, More, Notice, Table, Title, when, zone } from "../parts.js";
import { usePlace, useTitle } from "../place.js";
import { useSession } from "../session.js";
import { common, setup } from "../text.js";
import { Audit } from "./audit.js";
import { Breaker } from "./breaker.js";
import { Clients } from "./clients.js";
import { Definitions } from "./definitions.js";
import { Feed } from "./feed.js";
import { Jobs } from "./jobs.js";
import { Limits } from "./limits.js";
import { Links } from "./links.js";
import { Mapping } from "./mapping.js";
import { Requests } from "./requests.js";
import { Resources } from "./resources.js";
import { text } from "./text.js";
import { Tokens } from "./tokens.js";
import { Tolerances } from "./tolerances.js";
import { Workbench } from "./workbench.js";

const DEPLOYMENT = "scim"; // under which it is kept what was done to no tenant
const COUNT = 25; // tenants on a page

const ROOMS = {
  requests: Requests, resources: Resources, workbench: Workbench, tokens: Tokens, clients: Clients, links: Links,
  limits: Limits, breaker: Breaker, jobs: Jobs, definitions: Definitions, mapping: Mapping,
  feed: Feed, tolerances: Tolerances, audit: Audit,
};

const Tenants = ({ attempt, open }) => {
  const [name, setName] = useState("");
  const [found, setFound] = useState({ items: null, next: null });
  const load = (after) =>
    attempt(async () => {
      const page = await ask("GET", `admin/status?count=${COUNT}&after=${encodeURIComponent(after)}`);
      setFound((before) => ({ items: after ? [...before.items, ...page.items] : page.items, next: page.next }));
    });
  useEffect(() => {
    load("");
  }, []);
  const rows = found.items && found.items.map((each) => [
    html`<button type="button" onClick=${() => open(each.tenant)}>${each.tenant}</button>`,
    html`<span class=${`state ${each.state}`}>${text.states[each.state] || each.state}</span>`,
    each.profile || "default",
    String(each.tokens),
    when(each.used_at),
    when(each.expires_at),
  ]);
  const submit = (event) => {
    event.preventDefault();
    if (name.trim()) open(name.trim());
  };
  return html`<section class="card"><${Title}>${text.tenants}<//>
    ${found.next && html`<form class="actions" onSubmit=${submit}>
      <label>${text.tenantName} <input value=${name} onInput=${(event) => setName(event.target.value)} /></label>
      <button type="submit">${text.requests.open}</button>
    </form>`}
    <${Table} caption=${text.tenants} columns=${text.tenantColumns} none=${text.noTenants} rows=${rows} keys=${(found.items || []).map((each) => each.tenant)} />
    ${found.next && html`<${More} title=${text.more} act=${() => load(found.next)} />`}
  </section>`;
};

const Tenant = ({ name, screen, again, attempt, follow, go }) => {
  const room = Object.hasOwn(ROOMS, screen) ? screen : "requests";
  const Room = ROOMS[room];
  const key = name + room + again;
  useTitle(`${name}: ${text.rooms[room]}`, text.title);
  return html`<nav aria-label=${text.roomsName}>
      <button type="button" onClick=${() => go({})}>← ${text.back}</button>
      ${Object.entries(text.rooms).map(
        ([each, title]) => html`<button type="button" aria-current=${each === room ? "page" : null}
          onClick=${() => go({ tenant: name, screen: each })}>${title}</button>`,
      )}
    </nav>
    <section class="card"><${Title} key=${key}>${name}: ${text.rooms[room]}<//>
      <${Room} key=${key} tenant=${name} attempt=${attempt} follow=${follow} admin=${`admin/tenants/${encodeURIComponent(name)}`} />
    </section>`;
};

/** The audit of what is no tenant's, or of a tenant by its name. */
const WholeAudit = ({ attempt }) => {
  const [name, setName] = useState(DEPLOYMENT);
  const [shown, setShown] = useState(DEPLOYMENT);
  const submit = (event) => {
    event.preventDefault();
    setShown(name.trim() || DEPLOYMENT);
  };
  return html`<section class="card"><${Title}>${text.audit.whole}<//>
    <p class="soft">${text.audit.lead}</p>
    <form class="actions" onSubmit=${submit}>
      <label>${text.audit.name} <input value=${name} onInput=${(event) => setName(event.target.value)} /></label>
      <button type="submit">${text.audit.show}</button>
    </form>
    <${Audit} key=${shown} attempt=${attempt} admin=${`admin/tenants/${encodeURIComponent(shown)}`} />
  </section>`;
};

const Whole = ({ screen, again, attempt, go }) => {
  const page = screen === "audit" ? "audit" : "tenants";
  const names = { tenants: text.tenants, audit: text.audit.whole };
  useTitle(names[page], text.title);
  return html`<nav aria-label=${text.pagesName}>${Object.entries(names).map(([each, title]) => html`<button type="button"
      aria-current=${each === page ? "page" : null} onClick=${() => go(each === "tenants" ? {} : { screen: each })}>${title}</button>`)}</nav>
    ${page === "audit" ? html`<${WholeAudit} key=${again} attempt=${attempt} />` : html`<${Tenants} key=${again} attempt=${attempt} open=${(tenant) => go({ tenant, screen: "requests" })} />`}`;
};

/** Where nobody is signed in: the way in, and why the last one was none. */
const Door = ({ way, reason }) => {
  useTitle(text.signIn.title, text.title);
  return html`<section class="card"><${Title}>${text.signIn.title}<//>
    ${reason && html`<${Notice} kind="bad">${text.signIn.reasons[reason] || text.signIn.reasons.refused}<//>`}
    ${way ? html`<p>${text.signIn.lead}</p><p><a class="button main" href=${way}>${text.signIn.go}</a></p>` : ""}
    <p class="soft">${way ? text.signIn.link : text.signIn.onlyLink}</p>
  </section>`;
};

/** Why signing in has failed, as the address says; taken out of the address bar. */
function reasonTaken() {
  const reason = new URLSearchParams(location.search).get("why") || "";
  if (reason) history.replaceState(null, "", location.pathname + location.hash);
  return reason;
}

const Console = () => {
  const { session, why, setWhy, isWaiting, attempt, follow, begin, leave } = useSession();
  const [place, go, again] = usePlace(Boolean(why));
  useEffect(() => setWhy(""), [place]); // what was refused on one screen is not about the next
  const wasOpen = useRef(false);
  const [door, setDoor] = useState(null);
  useEffect(() => {
    const [reason, hasSecret] = [reasonTaken(), secretIsThere()];
    attempt(async () => {
      if (await begin()) return;
      const { signIn } = await ask("GET", "ways");
      if (!hasSecret) setWhy(""); // nobody is told that there is no session who has not begun one
      setDoor({ way: signIn, reason });
    });
  }, []);
  useEffect(() => {
    if (wasOpen.current && !session) ask("GET", "ways").then(({ signIn }) => setDoor({ way: signIn, reason: "" }), () => {});
    wasOpen.current = Boolean(session);
  }, [session]);
  return html`<header><h1>${text.title}</h1>
      <span class="soft" role="status">${isWaiting && session ? common.loading : ""}</span>
      ${session && html`<button type="button" onClick=${leave}>${common.signOut}</button>`}</header>
    <main>
      ${why && html`<${Notice} kind="bad">${why}<//>`}
      ${!session && !why && !door && html`<${Loading} />`}
      ${!session && door && html`<${Door} ...${door} />`}
      ${session && (place.tenant
        ? html`<${Tenant} name=${place.tenant} screen=${place.screen} again=${again} attempt=${attempt} follow=${follow} go=${go} />`
        : html`<${Whole} screen=${place.screen} again=${again} attempt=${attempt} go=${go} />`)}
    </main>
    <footer class="soft">${session && html`<p>${setup.until(when(session.expiresAt), zone())}</p>`}</footer>`;
};

render(html`<${Console} />`, document.getElementById("app"));
