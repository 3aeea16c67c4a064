// What a tenant's directory holds, of any type, by filter; a row opens to the whole resource.
import { html, useEffect, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { Table, when } from "../parts.js";
import { common } from "../text.js";
import { text } from "./text.js";

const own = text.resources;

export const Resources = ({ tenant, attempt }) => {
  const base = `tenants/${encodeURIComponent(tenant)}`;
  const [types, setTypes] = useState([]);
  const [type, setType] = useState("");
  const [filter, setFilter] = useState("");
  const [found, setFound] = useState(null);
  const [open, setOpen] = useState(null);
  const [busy, setBusy] = useState(true);
  const find = (name) =>
    attempt(async () => {
      setOpen(null);
      setBusy(true);
      try {
        setFound(await ask("GET", `${base}/resources/${encodeURIComponent(name)}?filter=${encodeURIComponent(filter)}`));
      } finally {
        setBusy(false); // an answer never overtakes a later question
      }
    });
  useEffect(() => {
    attempt(async () => {
      const known = (await ask("GET", `${base}/types`)).items;
      setTypes(known);
      const first = known.find((each) => each.type === "User") || known[0];
      if (!first) return;
      setType(first.type);
      await find(first.type);
    });
  }, []);
  const submit = (event) => {
    event.preventDefault();
    return find(type);
  };
  const rows = ((found && found.Resources) || []).map((each) => [
    String(each.userName || each.displayName || each.id),
    html`<code>${String(each.id)}</code>`,
    each.active === undefined ? "" : each.active ? common.yes : common.no,
    when(each.meta && each.meta.lastModified),
    html`<button type="button" onClick=${() => setOpen(each)}>${text.requests.open}<span class="hidden"> ${String(each.id)}</span></button>`,
  ]);
  return html`<form class="actions" onSubmit=${submit}>
      <label>${own.type} <select value=${type} onChange=${(event) => setType(event.target.value)}>
        ${types.map((each) => html`<option value=${each.type}>${each.type} (${each.total})</option>`)}
      </select></label>
      <label>${own.filter} <input size="40" value=${filter} placeholder='userName sw "a"' onInput=${(event) => setFilter(event.target.value)} /></label>
      <button type="submit" disabled=${busy}>${own.find}</button>
    </form>
    ${found && html`<p role="status">${own.total(found.totalResults)}</p>`}
    <${Table} caption=${text.rooms.resources} columns=${own.columns} rows=${rows} />
    ${open && html`<pre tabindex="0">${JSON.stringify(open, null, 1)}</pre>`}`;
};
