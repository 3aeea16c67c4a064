// What the tenant maps: a draft, what it would change of people who are there, and the versions in force before.
import { html, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { useUnsaved } from "../place.js";
import { ConfirmButton, Form, Loading, Notice, Opened, RowButton, Table, breakable, useBegin, when } from "../parts.js";
import { Differences, differences } from "./definitions.js";
import { text } from "./text.js";

const own = text.mapping;
const EXAMPLE = {
  attributes: [{ source: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", target: "title" }],
  groups: [{ displayName: "Engineering", roles: ["developer"] }],
};
const shown = (value) => (value === null || value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value));
const document = (found) => JSON.stringify({ attributes: found.attributes, groups: found.groups }, null, 2);
const named = (rule) => rule.displayName || rule.externalId || rule.id;

/** What is written in the field as a document. Throws an Error whose sentence says where it is none. */
function documentIn(written) {
  try {
    return JSON.parse(written);
  } catch (error) {
    throw new Error(own.noJson(error.message));
  }
}

const Preview = ({ found, activate }) => {
  const rows = found.items.flatMap((each) =>
    each.changes.map((change) => [each.name, html`<code>${breakable(change.attribute)}</code>`, shown(change.before), shown(change.after)]));
  const missing = found.groups.filter((rule) => !rule.found).map(named);
  return html`<${Opened} of=${found} title=${own.previewed(found.changed, found.looked)}>
    ${missing.length > 0 && html`<${Notice}>${own.missing(missing.join(", "))}<//>`}
    <${Table} caption=${own.preview} columns=${own.changes} rows=${rows} />
    ${found.revision && html`<div class="actions"><${ConfirmButton} title=${own.activate} sure=${own.activateSure} name=${found.revision}
      act=${() => activate(found.revision)} /></div>`}<//>`;
};

export const Mapping = ({ admin, attempt }) => {
  const [now, setNow] = useState(null);
  const [written, setWritten] = useState("");
  const [versions, setVersions] = useState([]);
  const [found, setFound] = useState(null);
  const [compared, setCompared] = useState(null);
  const [notes, setNotes] = useState([]);
  const [stored, setStored] = useState("");
  const isUnsaved = written !== stored;
  const load = (keepsText = false) =>
    attempt(async () => {
      const held = await ask("GET", `${admin}/mapping`);
      setVersions((await ask("GET", `${admin}/mapping/versions`)).items);
      const any = held.draft || (held.attributes.length + held.groups.length ? held : null);
      setStored(any ? document(any) : "");
      if (!keepsText) setWritten(any ? document(any) : "");
      setNow(held);
    });
  useBegin(load);
  const done = (act, keepsText = false) =>
    attempt(async () => {
      const made = await act();
      setFound(null);
      setCompared(null);
      setNotes(made.notes || []);
      await load(keepsText);
    });
  const save = () => done(async () => ask("PUT", `${admin}/mapping/draft`, { document: documentIn(written) }));
  const write = (event) => {
    setFound(null); // a preview is of the draft that is stored
    setWritten(event.target.value);
  };
  const preview = () => attempt(async () => setFound(await ask("POST", `${admin}/mapping/preview`, {})));
  const activate = (revision) => done(() => ask("POST", `${admin}/mapping/activate`, { revision }));
  const drop = () => done(() => ask("DELETE", `${admin}/mapping/draft`, {}));
  const restore = (version) => done(() => ask("POST", `${admin}/mapping/versions/${version}/restore`, {}), isUnsaved);
  const compare = (one, other) =>
    attempt(async () => {
      const [before, after] = [await ask("GET", `${admin}/mapping/versions/${one}`), await ask("GET", `${admin}/mapping/versions/${other}`)];
      setCompared({ title: text.definitions.compared(one, other), rows: differences(before, after) });
    });
  useUnsaved(isUnsaved);
  if (!now) return html`<${Loading} />`;
  const isEmpty = now.attributes.length + now.groups.length === 0;
  const rows = versions.map((each, index) => [
    String(each.version),
    when(each.created),
    each.author,
    String(each.attributes),
    String(each.groups),
    index === 0 ? text.definitions.inForce : html`<span class="field">
      <${RowButton} title=${text.definitions.compare} name=${each.version} act=${() => compare(each.version, versions[0].version)} />
      <${ConfirmButton} title=${text.definitions.restore} sure=${text.definitions.sure} name=${each.version} act=${() => restore(each.version)} /></span>`,
  ]);
  return html`${notes.map((note) => html`<${Notice}>${note}<//>`)}
    <${Form} act=${save}>
      <p class="soft">${own.lead}</p>
      <p>${now.draft ? own.drafted(when(now.draft.created), now.draft.author) : isEmpty ? own.nothing : own.noDraft}</p>
      <label class="tall" for="mapping">${own.document}</label>
      <textarea id="mapping" rows="14" spellcheck=${false} placeholder=${JSON.stringify(EXAMPLE, null, 2)} value=${written}
        onInput=${write}></textarea>
      <div class="actions">
        <button type="submit" disabled=${!written.trim()}>${own.save}</button>
        ${now.draft && html`<button type="button" disabled=${isUnsaved} onClick=${preview}>${own.preview}</button>
          <${ConfirmButton} title=${own.drop} sure=${own.dropSure} name="" act=${drop} />`}
        ${now.draft && isUnsaved && html`<span class="soft">${own.unsaved}</span>`}
      </div>
    <//>
    ${found && html`<${Preview} found=${found} activate=${activate} />`}
    <h3>${own.versions}</h3>
    <${Table} caption=${own.versions} columns=${own.columns} rows=${rows} keys=${versions.map((each) => each.version)} />
    ${compared && html`<${Differences} ...${compared} />`}`;
};
