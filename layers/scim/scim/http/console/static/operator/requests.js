// The last requests of a tenant's clients as they come; a row opens to what was made of it.
import { html, useRef, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { Choice, Field, Head, Loading, Preformatted, RowButton, useEvery, when } from "../parts.js";
import { text } from "./text.js";

const EVERY = 2;
const MOST = 1000; // the most that one answer has
const own = text.requests;

const isRefused = (entry) => entry.status >= 400 || Boolean(entry.refusedOperations);
const reasonOf = (refused) => [refused.attribute, refused.rule || refused.scimType || refused.error].filter(Boolean).join(": ");

function whyOf(entry) {
  if (!entry.refusedOperations) return entry.refused ? reasonOf(entry.refused) : "";
  const { number, first } = entry.refusedOperations;
  return own.refusedOperation(first[0], reasonOf(first[0]), number - 1);
}

function matches(entry, asked) {
  if (asked.result && (asked.result === "refused") !== isRefused(entry)) return false;
  const holds = (value, part) => value.toLowerCase().includes(part.trim().toLowerCase());
  const about = [entry.resource, entry.token, entry.client, entry.operation, entry.filter].join(" ");
  return holds(about, asked.about) && holds(JSON.stringify([entry.refused, entry.refusedOperations]), asked.rule);
}

const Part = ({ title, value }) =>
  value && html`<h3>${title}</h3><${Preformatted} value=${value} />`;

const Row = ({ entry, isOpen, toggle }) => html`
  <tr class=${isRefused(entry) ? "bad" : ""}>
    <td class="number">${entry.number}</td><td class="time">${when(entry.at)}</td><td>${String(entry.operation)}${entry.dryRun ? ` (${own.dryRun})` : ""}</td>
    <td class="number">${String(entry.status)}</td><td>${String(entry.client || "")}</td><td class=${isRefused(entry) ? "long" : null}>${whyOf(entry)}</td>
    <td><${RowButton} title=${isOpen ? own.close : own.open} name=${entry.number} act=${toggle} aria-expanded=${String(isOpen)} /></td>
  </tr>
  ${isOpen && html`<tr><td colspan="7">
    <${Part} title=${own.operations} value=${entry.operations} />
    <${Part} title=${own.tolerated} value=${entry.tolerated && entry.tolerated.join(", ")} />
    <${Part} title=${own.refused} value=${entry.refused} />
    <${Part} title=${own.refusedOperations} value=${entry.refusedOperations} />
    <${Part} title=${own.cost} value=${entry.cost} />
    <${Part} title=${own.rest} value=${entry} />
  </td></tr>`}`;

export const Requests = ({ admin, follow }) => {
  const kept = useRef([]);
  const [entries, setEntries] = useState(null);
  const form = useState({ result: "", about: "", rule: "" });
  const [open, setOpen] = useState(0);
  useEvery(EVERY, () =>
    follow(async () => {
      const last = kept.current.length ? kept.current[0].number : 0;
      const found = await ask("GET", `${admin}/requests?after=${last}&count=${MOST}`);
      if (found.items.length) kept.current = [...found.items.reverse(), ...kept.current].slice(0, MOST);
      setEntries(kept.current);
    }),
  );
  const shown = (entries || []).filter((each) => matches(each, form[0]));
  return html`<div class="actions">
      <${Choice} label=${own.result} of=${form} name="result" choices=${own.results} />
      <${Field} label=${own.about} of=${form} name="about" />
      <${Field} label=${own.rule} of=${form} name="rule" />
    </div>
    <div class="wide" tabindex="0" role="region" aria-label=${text.screens.requests}><table>
      <${Head} columns=${own.columns} />
      <tbody>${shown.map(
        (each) => html`<${Row} key=${each.number} entry=${each} isOpen=${open === each.number}
          toggle=${() => setOpen(open === each.number ? 0 : each.number)} />`,
      )}</tbody>
    </table>
    ${entries === null ? html`<${Loading} />` : shown.length === 0 && html`<p class="soft">${entries.length ? own.noMatch : own.none}</p>`}
    </div>`;
};
