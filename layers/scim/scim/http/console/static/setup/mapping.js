// Which groups have come, and which roles they shall give: proposed here, activated by who operates the service.
import { html, useEffect, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { Notice, Table } from "../parts.js";
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

const told = (rule) => NAMES.map((name) => rule[name]).find(Boolean);

export const Mapping = ({ attempt }) => {
  const [found, setFound] = useState(null);
  const [rows, setRows] = useState([]);
  const took = (answer) => {
    setFound(answer);
    setRows(rowsOf(answer).map(([group, rule]) => [group.displayName || told(rule), rule]));
  };
  useEffect(() => {
    attempt(async () => took(await ask("GET", "mapping")));
  }, []);
  const set = (index, name) => (event) =>
    setRows(rows.map((row, at) => (at === index ? [row[0], { ...row[1], [name]: parted(event.target.value) }] : row)));
  const propose = (event) => {
    event.preventDefault();
    return attempt(async () => took(await ask("PUT", "mapping", { groups: rows.map(([, rule]) => rule) })));
  };
  if (!found || !rows.length || !found.gives.length) return "";
  const field = (rule, name, group, index) => html`<input aria-label=${text.field(group, text.gives[name])} value=${listed(rule[name])}
    onChange=${set(index, name)} />`;
  const isProposed = found.draft && !same(found.draft, found.inForce);
  return html`<form onSubmit=${propose}>
    <h3>${text.title}</h3>
    <p class="soft">${text.lead}</p>
    ${isProposed && html`<${Notice}>${text.proposed}<//>`}
    <${Table} caption=${text.title} columns=${[text.group, ...found.gives.map((name) => text.gives[name])]} rows=${rows.map(([group, rule], index) => [
      group,
      ...found.gives.map((name) => field(rule, name, group, index)),
    ])} />
    <div class="actions"><button type="submit">${text.propose}</button></div>
  </form>`;
};
