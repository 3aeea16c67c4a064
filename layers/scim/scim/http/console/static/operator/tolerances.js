// The tolerances that a tenant's clients used: how often, and when last.
import { html, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { Table, breakable, useBegin, when } from "../parts.js";
import { text } from "./text.js";

const own = text.tolerances;

export const Tolerances = ({ admin, attempt }) => {
  const [found, setFound] = useState(null);
  useBegin(() => attempt(async () => setFound((await ask("GET", `${admin}/tolerances`)).items)));
  const rows = found && found.map((each) => [html`<code>${breakable(each.tolerance)}</code>`, String(each.count), when(each.last)]);
  return html`<p class="soft">${own.lead}</p>
    <${Table} caption=${text.screens.tolerances} columns=${own.columns} rows=${rows} />`;
};
