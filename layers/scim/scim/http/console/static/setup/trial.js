// Who would come: people of the provider's own list, tried before anybody is sent.
import { html, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { Form, Table, breakable } from "../parts.js";
import { setup } from "../text.js";

const text = setup.trial;

const Found = ({ found }) => {
  const counts = Object.keys(text.becomes)
    .map((kind) => [kind, found.people.filter((each) => each.becomes === kind).length])
    .filter(([, number]) => number);
  return html`<p role="status">${text.would(counts.map(([kind, number]) => `${number} ${text.becomes[kind]}`).join(", "))}</p>
    <${Table} caption=${text.people} columns=${text.columns} rows=${found.people.map((each) => [
      each.name,
      html`<span class=${`state ${each.becomes}`}>${text.becomes[each.becomes]}</span>`,
      each.why,
    ])} />
    <h4>${text.attributes}</h4>
    <${Table} caption=${text.attributes} columns=${text.attributeColumns} rows=${found.columns.map((each) => [
      each.column,
      each.attribute ? html`<code>${breakable(each.attribute)}</code>` : text.ignored,
      each.sample,
    ])} />`;
};

export const Trial = ({ attempt }) => {
  const [list, setList] = useState("");
  const [found, setFound] = useState(null);
  const submit = () => {
    setFound(null);
    return attempt(async () => setFound(await ask("POST", "trial", { text: list })));
  };
  return html`<${Form} act=${submit}>
      <h3>${text.title}</h3>
      <p class="soft">${text.lead}</p>
      <label class="tall" for="list">${text.list}</label>
      <textarea id="list" rows="5" spellcheck=${false} placeholder=${text.example} value=${list}
        onInput=${(event) => setList(event.target.value)}></textarea>
      <div class="actions"><button type="submit" disabled=${!list.trim()}>${text.go}</button></div>
    <//>
    ${found && html`<${Found} found=${found} />`}`;
};
