// Who changed what, what was refused and what operators did, the youngest first.
import { html, useRef, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { Choice, Field, Form, More, Opened, Preformatted, RowButton, Table, useBegin, when } from "../parts.js";
import { text } from "./text.js";

const COUNT = 50;
const own = text.audit;

/** A token that owns itself is named once. */
const by = (principal) => Object.values(principal || {}).filter((each) => each && each !== `token:${principal.token}`).join(" ");
const moment = (local) => local && new Date(local).toISOString();
const ended = (entry) => entry.outcome || (entry.status ? `${entry.status} × ${entry.count}` : "");

export const Audit = ({ admin, attempt, resource = "" }) => {
  const form = useState({ kind: "", resource, principal: "", since: "", until: "" });
  const [asked] = form;
  const [found, setFound] = useState({ items: null, next: "" });
  const [open, setOpen] = useState(null);
  const query = useRef(asked);
  const load = (after) =>
    attempt(async () => {
      setOpen(null); // at once: the answer must not close what was opened meanwhile
      if (!after) query.current = asked; // more of what was found, not of what has been typed since
      const { since, until } = query.current;
      const told = { ...query.current, since: moment(since), until: moment(until), after, count: String(COUNT) };
      const page = await ask("GET", `${admin}/audit?${new URLSearchParams(told)}`);
      setFound((before) => ({ items: after ? [...before.items, ...page.items] : page.items, next: page.next || "" }));
    });
  useBegin(() => load(""));
  const submit = () => load("");
  const rows = found.items && found.items.map((each, index) => [
    when(each.at),
    each.kind,
    [each.operation, each.resource].filter(Boolean).join(" "),
    by(each.principal),
    each.address,
    ended(each),
    html`<${RowButton} title=${text.requests.open} name=${index + 1} act=${() => setOpen(each)} />`,
  ]);
  return html`<${Form} class="actions" act=${submit}>
      <${Choice} label=${own.kind} of=${form} name="kind" choices=${own.kinds} />
      <${Field} label=${own.since} of=${form} name="since" type="datetime-local" />
      <${Field} label=${own.until} of=${form} name="until" type="datetime-local" />
      <${Field} label=${own.resource} of=${form} name="resource" />
      <${Field} label=${own.principal} of=${form} name="principal" />
      <button type="submit">${own.find}</button>
    <//>
    <${Table} caption=${text.screens.audit} columns=${own.columns} rows=${rows} />
    ${found.next && html`<${More} title=${text.more} act=${() => load(found.next)} />`}
    ${open && html`<${Opened} of=${open} title=${own.entry}><${Preformatted} value=${open} /><//>`}`;
};
