// The operator's console: tenants and how they are, and the rooms of each.
import { html, render, useEffect, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask, secretIsThere } from "../api.js";
import { Notice, Table, Title, when } from "../parts.js";
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

const ROOMS = {
  requests: Requests, resources: Resources, workbench: Workbench, tokens: Tokens, clients: Clients, links: Links,
  limits: Limits, breaker: Breaker, jobs: Jobs, definitions: Definitions, mapping: Mapping,
  feed: Feed, tolerances: Tolerances, audit: Audit,
};

const Tenants = ({ attempt, open }) => {
  const [found, setFound] = useState({ items: [], next: null });
  const load = (after) =>
    attempt(async () => {
      const page = await ask("GET", `overview?after=${encodeURIComponent(after)}`);
      setFound((before) => ({ items: after ? [...before.items, ...page.items] : page.items, next: page.next }));
    });
  useEffect(() => {
    load("");
  }, []);
  const rows = found.items.map((each) => [
    html`<button type="button" onClick=${() => open(each.name)}>${each.name}</button>`,
    html`<span class=${`state ${each.state}`}>${text.states[each.state] || each.state}</span>`,
    each.profile || "default",
    String(each.tokens),
    when(each.usedAt),
    when(each.endsAt),
  ]);
  return html`<section class="card"><${Title}>${text.tenants}<//>
    <${Table} caption=${text.tenants} columns=${text.tenantColumns} rows=${rows} />
    ${found.next && html`<div class="actions"><button type="button" onClick=${() => load(found.next)}>${text.more}</button></div>`}
  </section>`;
};

const Tenant = ({ name, attempt, close }) => {
  const [room, setRoom] = useState("requests");
  const Room = ROOMS[room];
  return html`<nav aria-label=${text.roomsName}>
      <button type="button" onClick=${close}>← ${text.back}</button>
      ${Object.entries(text.rooms).map(
        ([each, title]) => html`<button type="button" aria-current=${each === room ? "page" : null}
          onClick=${() => setRoom(each)}>${title}</button>`,
      )}
    </nav>
    <section class="card"><${Title} key=${room}>${name}: ${text.rooms[room]}<//>
      <${Room} key=${name + room} tenant=${name} attempt=${attempt} admin=${`admin/tenants/${encodeURIComponent(name)}`} />
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

const Whole = ({ attempt, open }) => {
  const [page, setPage] = useState("tenants");
  const names = { tenants: text.tenants, audit: text.audit.whole };
  return html`<nav aria-label=${text.pagesName}>${Object.entries(names).map(([each, title]) => html`<button type="button"
      aria-current=${each === page ? "page" : null} onClick=${() => setPage(each)}>${title}</button>`)}</nav>
    ${page === "audit" ? html`<${WholeAudit} attempt=${attempt} />` : html`<${Tenants} attempt=${attempt} open=${open} />`}`;
};

/** Where nobody is signed in: the way in, and why the last one was none. */
const Door = ({ way, reason }) => html`<section class="card"><${Title}>${text.signIn.title}<//>
    ${reason && html`<${Notice} kind="bad">${text.signIn.reasons[reason] || text.signIn.reasons.refused}<//>`}
    ${way ? html`<p>${text.signIn.lead}</p><p><a class="button main" href=${way}>${text.signIn.go}</a></p>` : ""}
    <p class="soft">${way ? text.signIn.link : text.signIn.onlyLink}</p>
  </section>`;

/** Why signing in has failed, as the address says; taken out of the address bar. */
function reasonTaken() {
  const reason = new URLSearchParams(location.search).get("why") || "";
  if (reason) history.replaceState(null, "", location.pathname + location.hash);
  return reason;
}

const Console = () => {
  const { session, why, setWhy, attempt, begin, leave } = useSession();
  const [tenant, setTenant] = useState("");
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
  return html`<header><h1>${text.title}</h1>
      ${session && html`<button type="button" onClick=${leave}>${common.signOut}</button>`}</header>
    <main>
      ${why && html`<${Notice} kind="bad">${why}<//>`}
      ${!session && !why && !door && html`<p role="status">${common.loading}</p>`}
      ${!session && door && html`<${Door} ...${door} />`}
      ${session && (tenant
        ? html`<${Tenant} name=${tenant} attempt=${attempt} close=${() => setTenant("")} />`
        : html`<${Whole} attempt=${attempt} open=${setTenant} />`)}
    </main>
    <footer class="soft">${session && html`<p>${setup.until(when(session.expiresAt))}</p>`}</footer>`;
};

render(html`<${Console} />`, document.getElementById("app"));
