// What a tenant's directory holds, of any type, by filter and page by page; a row opens to the whole resource.
import { html, useEffect, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { Table, when } from "../parts.js";
import { common } from "../text.js";
import { text } from "./text.js";

const PAGE = 20;
const own = text.resources;

export const Resources = ({ tenant, attempt }) => {
  const base = `tenants/${encodeURIComponent(tenant)}`;
  const [types, setTypes] = useState([]);
  const [type, setType] = useState("");
  const [filter, setFilter] = useState("");
  const [found, setFound] = useState(null);
  const [start, setStart] = useState(1);
  const [open, setOpen] = useState(null);
  const [explained, setExplained] = useState(null);
  const [busy, setBusy] = useState(true);
  const doing = (what) =>
    attempt(async () => {
      setOpen(null);
      setExplained(null);
      setBusy(true);
      try {
        await what();
      } finally {
        setBusy(false); // an answer never overtakes a later question
      }
    });
  const find = (name, wanted, from) =>
    doing(async () => {
      const query = new URLSearchParams({ filter: wanted, startIndex: String(from), count: String(PAGE) });
      setFound(await ask("GET", `${base}/resources/${encodeURIComponent(name)}?${query}`));
      setStart(from);
    });
  const explain = () =>
    doing(async () => {
      const { endpoint } = types.find((each) => each.type === type);
      const query = new URLSearchParams({ ...(filter ? { filter } : {}), count: "1", explain: "true" });
      const answer = await ask("POST", `${base}/trial`, { method: "GET", path: `${endpoint}?${query}` });
      const told = Object.entries(answer.body || {}).find(([name]) => name.endsWith(":Explanation"));
      setExplained({ cost: answer.cost, ...(told ? told[1] : answer.body) });
    });
  const members = (group) => {
    const wanted = `groups.value eq "${group.id}"`;
    setType("User");
    setFilter(wanted);
    return find("User", wanted, 1);
  };
  useEffect(() => {
    attempt(async () => {
      const known = (await ask("GET", `${base}/types`)).items;
      setTypes(known);
      const first = known.find((each) => each.type === "User") || known[0];
      if (!first) return;
      setType(first.type);
      await find(first.type, "", 1);
    });
  }, []);
  const submit = (event) => {
    event.preventDefault();
    return find(type, filter, 1);
  };
  const rows = ((found && found.Resources) || []).map((each) => [
    String(each.userName || each.displayName || each.id),
    html`<code>${String(each.id)}</code>`,
    each.active === undefined ? "" : each.active ? common.yes : common.no,
    when(each.meta && each.meta.lastModified),
    html`<span class="field"><button type="button" onClick=${() => setOpen(each)}>${text.requests.open}<span class="hidden"> ${String(each.id)}</span></button>
      ${each.meta && each.meta.resourceType === "Group" && html`<button type="button" onClick=${() => members(each)}>${own.members}<span class="hidden"> ${String(each.id)}</span></button>`}</span>`,
  ]);
  const last = found ? start + rows.length - 1 : 0;
  return html`<form class="actions" onSubmit=${submit}>
      <label>${own.type} <select value=${type} onChange=${(event) => setType(event.target.value)}>
        ${types.map((each) => html`<option value=${each.type}>${each.type} (${each.total})</option>`)}
      </select></label>
      <label>${own.filter} <input size="40" value=${filter} placeholder='userName sw "a"' onInput=${(event) => setFilter(event.target.value)} /></label>
      <button type="submit" disabled=${busy}>${own.find}</button>
      <button type="button" disabled=${busy || !type} onClick=${explain}>${own.explain}</button>
    </form>
    ${explained && html`<h3>${own.explained}</h3><pre tabindex="0">${JSON.stringify(explained, null, 1)}</pre>`}
    ${found && html`<p role="status">${own.total(found.totalResults)}</p>`}
    <${Table} caption=${text.rooms.resources} columns=${own.columns} rows=${rows} />
    ${found && found.totalResults > PAGE && html`<div class="actions">
      <button type="button" disabled=${busy || start === 1} onClick=${() => find(type, filter, Math.max(1, start - PAGE))}>${own.previous}</button>
      <button type="button" disabled=${busy || last >= found.totalResults} onClick=${() => find(type, filter, start + PAGE)}>${own.next}</button>
    </div>`}
    ${open && html`<pre tabindex="0">${JSON.stringify(open, null, 1)}</pre>`}`;
};
