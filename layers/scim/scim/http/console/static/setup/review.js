// Who has come and with which attributes, before the connection is called active.
import { html, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { Loading, Notice, Table, Title, breakable, useBegin, when } from "../parts.js";
import { setup } from "../text.js";
import { Mapping } from "./mapping.js";
import { Trial } from "./trial.js";

const text = setup.review;

const Type = ({ type }) =>
  html`<h3>${text.total(type.type, type.total)}</h3>
    <p class="soft">${text.people}</p>
    <ul>${type.names.map((each) => html`<li><bdi>${breakable(String(each.name))}</bdi>${each.isActive ? "" : ` (${text.inactive})`}</li>`)}</ul>
    <${Table} caption=${`${type.type}: ${text.attributes}`} columns=${text.columns}
      rows=${type.attributes.map((each) => [html`<code>${breakable(String(each.attribute))}</code>`, `${each.filled} / ${each.of}`, String(each.sample)])} />`;

export const Review = ({ state, attempt, reload, go }) => {
  const [types, setTypes] = useState(null);
  useBegin(() => attempt(async () => setTypes((await ask("GET", "review")).types)));
  const activate = () =>
    attempt(async () => {
      await ask("POST", "activation", {});
      await reload();
      go("health");
    });
  return html`<${Title}>${text.title}<//>
    ${types === null ? html`<${Loading} />` : ""}
    ${types && !types.length && html`<p class="soft">${text.nothing}</p>`}
    ${types && types.map((each) => html`<${Type} type=${each} />`)}
    <${Mapping} attempt=${attempt} />
    <${Trial} attempt=${attempt} />
    ${state.activatedAt
      ? html`<${Notice} kind="good">${text.active(when(state.activatedAt))}<//>`
      : html`<div class="actions"><button class="main" type="button" onClick=${activate}>${text.activate}</button></div>`}`;
};
