// Who changed what, what was refused and what operators did, the youngest first.
import { html, useEffect, useRef, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { More, Opened, Table, Preformatted, when } from "../parts.js";
import { text } from "./text.js";

const COUNT = 50;
const own = text.audit;

/** A token that owns itself is named once. */
const by = (principal) => Object.values(principal || {}).filter((each) => each && each !== `token:${principal.token}`).join(" ");
const ended = (entry) => entry.outcome || (entry.status ? `${entry.status} × ${entry.count}` : "");

export const Audit = ({ admin, attempt }) => {
  const [asked, setAsked] = useState({ kind: "", resource: "", principal: "", since: "" });
  const [found, setFound] = useState({ items: null, next: "" });
  const [open, setOpen] = useState(null);
  const query = useRef(asked);
  const load = (after) =>
    attempt(async () => {
      setOpen(null); // at once: the answer must not close what was opened meanwhile
      if (!after) query.current = asked; // more of what was found, not of what has been typed since
      const { since } = query.current;
      const told = { ...query.current, since: since ? new Date(since).toISOString() : "", after, count: String(COUNT) };
      const page = await ask("GET", `${admin}/audit?${new URLSearchParams(told)}`);
      setFound((before) => ({ items: after ? [...before.items, ...page.items] : page.items, next: page.next || "" }));
    });
  useEffect(() => {
    load("");
  }, []);
  const submit = (event) => {
    event.preventDefault();
    return load("");
  };
  const set = (name) => (event) => setAsked({ ...asked, [name]: event.target.value });
  const rows = found.items && found.items.map((each, index) => [
    when(each.at),
    each.kind,
    [each.operation, each.resource].filter(Boolean).join(" "),
    by(each.principal),
    each.address,
    ended(each),
    html`<button type="button" onClick=${() => setOpen(each)}>${text.requests.open}<span class="hidden"> ${index + 1}</span></button>`,
  ]);
  return html`<form class="actions" onSubmit=${submit}>
      <label>${own.kind} <select value=${asked.kind} onChange=${set("kind")}>
        ${Object.entries(own.kinds).map(([value, title]) => html`<option value=${value}>${title}</option>`)}
      </select></label>
      <label>${own.since} <input type="datetime-local" value=${asked.since} onInput=${set("since")} /></label>
      <label>${own.resource} <input value=${asked.resource} onInput=${set("resource")} /></label>
      <label>${own.principal} <input value=${asked.principal} onInput=${set("principal")} /></label>
      <button type="submit">${own.find}</button>
    </form>
    <${Table} caption=${text.screens.audit} columns=${own.columns} rows=${rows} />
    ${found.next && html`<${More} title=${text.more} act=${() => load(found.next)} />`}
    ${open && html`<${Opened} of=${open} title=${own.entry}><${Preformatted} value=${open} /><//>`}`;
};
