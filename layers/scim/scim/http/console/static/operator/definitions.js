// The versions of what a tenant defines for itself: compared, and an older one brought back.
import { html, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { ConfirmButton, Notice, Opened, RowButton, Table, useBegin, when } from "../parts.js";
import { text } from "./text.js";

const own = text.definitions;

/** Every value of a document by its path; what lists hold goes by its name or id where it has one. */
function flat(value, path = "", found = new Map()) {
  if (Array.isArray(value)) value.forEach((each, index) => flat(each, `${path}[${(each && (each.name || each.id)) || index}]`, found));
  else if (value && typeof value === "object")
    Object.entries(value).forEach(([name, each]) => flat(each, path ? `${path}.${name}` : name, found));
  else found.set(path, JSON.stringify(value));
  return found;
}

/** @returns {string[][]} rows: where, before, after */
export function differences(before, after) {
  const [old, young] = [flat(before), flat(after)];
  return [...new Set([...old.keys(), ...young.keys()])]
    .filter((path) => path !== "version" && old.get(path) !== young.get(path))
    .sort()
    .map((path) => [path, old.get(path) || "", young.get(path) || ""]);
}

/** What differs between two versions; @param {{title: string, rows: string[][]}} compared */
export const Differences = ({ title, rows }) => html`<${Opened} of=${rows} title=${title}>${rows.length
  ? html`<${Table} caption=${title} columns=${own.changes} rows=${rows} />`
  : html`<p class="soft">${own.same}</p>`}<//>`;

export const Definitions = ({ admin, attempt }) => {
  const [versions, setVersions] = useState(null);
  const [notes, setNotes] = useState([]);
  const [compared, setCompared] = useState(null);
  const load = () => attempt(async () => setVersions((await ask("GET", `${admin}/definitions/versions`)).items));
  useBegin(load);
  const restore = (version) =>
    attempt(async () => {
      const made = await ask("POST", `${admin}/definitions/versions/${version}/restore`, {});
      setNotes(made.notes || []);
      setCompared(null);
      await load();
    });
  const document = (version) => ask("GET", `${admin}/definitions/versions/${version}`);
  const compare = (one, other) =>
    attempt(async () => {
      const rows = differences(await document(one), await document(other));
      setCompared({ title: own.compared(one, other), rows });
    });
  const rows = versions && versions.map((each, index) => [
    String(each.version),
    when(each.created),
    each.author,
    each.schemas.join(" "),
    each.resourceTypes.join(" "),
    index === 0 ? own.inForce : html`<span class="field">
      <${RowButton} title=${own.compare} name=${each.version} act=${() => compare(each.version, versions[0].version)} />
      <${ConfirmButton} title=${own.restore} sure=${own.sure} name=${each.version} act=${() => restore(each.version)} /></span>`,
  ]);
  return html`${notes.map((note) => html`<${Notice}>${note}<//>`)}
    <${Table} caption=${text.screens.definitions} columns=${own.columns} none=${own.none} rows=${rows} keys=${(versions || []).map((each) => each.version)} />
    ${compared && html`<${Differences} ...${compared} />`}`;
};
