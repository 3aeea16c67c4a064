// The operator's console: tenants and how they are, and the rooms of each.
import { html, render, useEffect, useRef, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask, opened } from "../api.js";
import { Notice, Table, Title, when } from "../parts.js";
import { common, setup } from "../text.js";
import { Breaker } from "./breaker.js";
import { Definitions } from "./definitions.js";
import { Jobs } from "./jobs.js";
import { Requests } from "./requests.js";
import { Resources } from "./resources.js";
import { text } from "./text.js";
import { Tokens } from "./tokens.js";

const ROOMS = { requests: Requests, tokens: Tokens, breaker: Breaker, jobs: Jobs, definitions: Definitions, resources: Resources };

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

const Console = () => {
  const [session, setSession] = useState(null);
  const [tenant, setTenant] = useState("");
  const [why, setWhy] = useState("");
  const isOver = useRef(false);
  const attempt = async (what) => {
    try {
      if (!isOver.current) setWhy("");
      return await what();
    } catch (refusal) {
      if (isOver.current) return undefined; // what was asked before somebody signed out
      setWhy(refusal.message);
      if (refusal.status === 401) setSession(null);
      return undefined;
    }
  };
  useEffect(() => {
    attempt(async () => setSession(await opened()));
  }, []);
  const leave = () =>
    attempt(async () => {
      await ask("DELETE", "session", {});
      isOver.current = true;
      setSession(null);
      setWhy(common.signedOut);
    });
  return html`<header><h1>${text.title}</h1>
      ${session && html`<button type="button" onClick=${leave}>${common.signOut}</button>`}</header>
    <main>
      ${why && html`<${Notice} kind="bad">${why}<//>`}
      ${!session && !why && html`<p role="status">${common.loading}</p>`}
      ${session && (tenant
        ? html`<${Tenant} name=${tenant} attempt=${attempt} close=${() => setTenant("")} />`
        : html`<${Tenants} attempt=${attempt} open=${setTenant} />`)}
    </main>
    <footer class="soft">${session && html`<p>${setup.until(when(session.expiresAt))}</p>`}</footer>`;
};

render(html`<${Console} />`, document.getElementById("app"));
