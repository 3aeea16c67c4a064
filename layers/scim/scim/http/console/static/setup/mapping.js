// Which groups have come, and which roles they shall give: proposed here, activated by who operates the service.
import { html, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { Form, Notice, Table, useBegin } from "../parts.js";
import { useUnsaved } from "../place.js";
import { setup } from "../text.js";

const text = setup.mapping;
const NAMES = ["id", "displayName", "externalId"];
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const listed = (values) => (values || []).join(", ");
const parted = (value) => [...new Set(value.split(",").map((each) => each.trim()).filter(Boolean))];

/** The rule that names a group, whichever of its attributes it goes by. */
const ruleOf = (rules, group) =>
  rules.find((rule) => NAMES.some((name) => name in rule && group[name] !== undefined &&
    String(rule[name]).toLowerCase() === String(group[name]).toLowerCase()));

/** @returns {any[][]} each group with its rule, and then the rules whose groups are not shown */
function rowsOf(found) {
  const rules = found.draft || found.inForce;
  const rows = found.groups.map((group) => [group, ruleOf(rules, group) || { displayName: group.displayName }]);
  const known = rows.map(([, rule]) => rule);
  return [...rows, ...rules.filter((rule) => !known.includes(rule)).map((rule) => [rule, rule])];
}

const named = (rule) => NAMES.map((name) => rule[name]).find(Boolean);

/** The rule of a row, with what has been written into its fields. */
const ruleIn = ([, rule, written]) =>
  ({ ...rule, ...Object.fromEntries(Object.entries(written).map(([name, value]) => [name, parted(value)])) });

export const Mapping = ({ attempt }) => {
  const [found, setFound] = useState(null);
  const [rows, setRows] = useState([]);
  const [stored, setStored] = useState(rows);
  useUnsaved(rows !== stored);
  const took = (answer) => {
    setFound(answer);
    const told = rowsOf(answer).map(([group, rule]) => [group.displayName || named(rule), rule, {}]);
    setStored(told);
    setRows(told);
  };
  useBegin(() => attempt(async () => took(await ask("GET", "mapping"))));
  const set = (index, name) => (event) =>
    setRows(rows.map((row, at) => (at === index ? [row[0], row[1], { ...row[2], [name]: event.target.value }] : row)));
  const propose = () => attempt(async () => took(await ask("PUT", "mapping", { groups: rows.map(ruleIn) })));
  if (!found || !rows.length || !found.gives.length) return "";
  const field = ([group, rule, written], name, index) => html`<input aria-label=${text.field(group, text.gives[name])}
    value=${name in written ? written[name] : listed(rule[name])} onInput=${set(index, name)} />`;
  const isProposed = found.draft && !same(found.draft, found.inForce);
  return html`<${Form} act=${propose}>
    <h3>${text.title}</h3>
    <p class="soft">${text.lead}</p>
    ${isProposed && html`<${Notice}>${text.proposed}<//>`}
    <${Table} caption=${text.title} columns=${[text.group, ...found.gives.map((name) => text.gives[name])]} rows=${rows.map((row, index) => [
      row[0],
      ...found.gives.map((name) => field(row, name, index)),
    ])} />
    <div class="actions"><button type="submit">${text.propose}</button></div>
  <//>`;
};
