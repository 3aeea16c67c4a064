// What a tenant's directory holds, of any type, by filter and page by page; a row opens to the whole resource.
import { html, useRef, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { Form, Opened, Preformatted, RowButton, Table, useBegin, when } from "../parts.js";
import { Link } from "../place.js";
import { common } from "../text.js";
import { text } from "./text.js";

const PAGE = 20;
const own = text.resources;
const nameOf = (resource) => String(resource.userName || resource.displayName || resource.id);

export const Resources = ({ tenant, attempt, go }) => {
  const base = `tenants/${encodeURIComponent(tenant)}`;
  const [types, setTypes] = useState([]);
  const [type, setType] = useState("");
  const [filter, setFilter] = useState("");
  const [found, setFound] = useState(null);
  const [start, setStart] = useState(1);
  const [open, setOpen] = useState(null);
  const [explained, setExplained] = useState(null);
  const [query, setQuery] = useState({ name: "", wanted: "" });
  const last = useRef(0);
  const asking = (question, took) =>
    attempt(async () => {
      setOpen(null);
      setExplained(null);
      const number = (last.current += 1);
      const answer = await question();
      if (number === last.current) took(answer); // an answer never overtakes a later question
    });
  const find = (name, wanted, from) => {
    const asked = new URLSearchParams({ filter: wanted, startIndex: String(from), count: String(PAGE) });
    return asking(
      () => ask("GET", `${base}/resources/${encodeURIComponent(name)}?${asked}`),
      (answer) => {
        setFound(answer);
        setStart(from);
        setQuery({ name, wanted });
      },
    );
  };
  const explain = () => {
    const { endpoint } = types.find((each) => each.type === type);
    const asked = new URLSearchParams({ ...(filter ? { filter } : {}), count: "1", explain: "true" });
    return asking(
      () => ask("POST", `${base}/trial`, { method: "GET", path: `${endpoint}?${asked}` }),
      (answer) => {
        if (answer.status >= 400) throw new Error(answer.body.detail);
        const told = Object.entries(answer.body || {}).find(([name]) => name.endsWith(":Explanation"));
        setExplained({ cost: answer.cost, ...(told ? told[1] : answer.body) });
      },
    );
  };
  const members = (group) => {
    const wanted = `groups.value eq "${group.id}"`;
    setType("User");
    setFilter(wanted);
    return find("User", wanted, 1);
  };
  useBegin(() =>
    attempt(async () => {
      const known = (await ask("GET", `${base}/types`)).items;
      setTypes(known);
      const first = known.find((each) => each.type === "User") || known[0];
      if (!first) return;
      setType(first.type);
      await find(first.type, "", 1);
    }));
  const submit = () => find(type, filter, 1);
  const rows = found && found.Resources.map((each) => [
    nameOf(each),
    html`<code>${String(each.id)}</code>`,
    each.active === undefined ? "" : each.active ? common.yes : common.no,
    when(each.meta && each.meta.lastModified),
    html`<span class="field"><${RowButton} title=${text.requests.open} name=${each.id} act=${() => setOpen(each)} />
      ${each.meta && each.meta.resourceType === "Group" && html`<${RowButton} title=${own.members} name=${each.id} act=${() => members(each)} />`}</span>`,
  ]);
  const isFirst = start === 1;
  const isLast = !found || start + rows.length > found.totalResults;
  const turn = (isOver, from) => () => isOver || find(query.name, query.wanted, from);
  return html`<${Form} class="actions" act=${submit}>
      <label>${own.type} <select value=${type} onChange=${(event) => setType(event.target.value)}>
        ${types.map((each) => html`<option value=${each.type}>${each.type} (${each.total})</option>`)}
      </select></label>
      <label>${own.filter} <input size="40" value=${filter} placeholder=${`${type === "User" ? "userName" : "displayName"} sw "a"`} onInput=${(event) => setFilter(event.target.value)} /></label>
      <button type="submit" disabled=${!type}>${own.find}</button>
      <button type="button" disabled=${!type} onClick=${explain}>${own.explain}</button>
    <//>
    ${explained && html`<${Opened} of=${explained} title=${own.explained}><${Preformatted} value=${explained} /><//>`}
    ${found && html`<p role="status">${own.total(found.totalResults)}</p>`}
    <${Table} caption=${text.screens.resources} columns=${own.columns} rows=${rows} keys=${((found && found.Resources) || []).map((each) => each.id)} />
    ${found && found.totalResults > PAGE && html`<div class="actions">
      <button type="button" aria-disabled=${String(isFirst)} onClick=${turn(isFirst, Math.max(1, start - PAGE))}>${own.previous}</button>
      <button type="button" aria-disabled=${String(isLast)} onClick=${turn(isLast, start + PAGE)}>${own.next}</button>
    </div>`}
    ${open && html`<${Opened} of=${open} title=${nameOf(open)}>
      <p><${Link} to=${{ tenant, screen: "audit", resource: open.id }} go=${go}>${own.audit}<//></p><${Preformatted} value=${open} /><//>`}`;
};
