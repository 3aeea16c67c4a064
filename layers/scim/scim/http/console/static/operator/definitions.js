// The versions of what a tenant defines for itself; an older one can be brought back.
import { html, useEffect, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { Notice, Table, when } from "../parts.js";
import { Sure } from "./sure.js";
import { text } from "./text.js";

const own = text.definitions;

export const Definitions = ({ admin, attempt }) => {
  const [versions, setVersions] = useState([]);
  const [notes, setNotes] = useState([]);
  const load = () => attempt(async () => setVersions((await ask("GET", `${admin}/definitions/versions`)).items));
  useEffect(() => {
    load();
  }, []);
  const restore = (version) =>
    attempt(async () => {
      const made = await ask("POST", `${admin}/definitions/versions/${version}/restore`, {});
      setNotes(made.notes || []);
      await load();
    });
  const rows = versions.map((each, index) => [
    String(each.version),
    when(each.created),
    each.author,
    each.schemas.join(" "),
    each.resourceTypes.join(" "),
    index === 0 ? own.inForce : html`<${Sure} title=${own.restore} sure=${own.sure} name=${each.version} act=${() => restore(each.version)} />`,
  ]);
  return html`${notes.map((note) => html`<${Notice}>${note}<//>`)}
    <${Table} caption=${text.rooms.definitions} columns=${own.columns} rows=${rows} />`;
};
