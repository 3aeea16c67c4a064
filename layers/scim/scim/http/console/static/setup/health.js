// How the connection is, once it works: last request, refusals, tokens, who looks after it.
import { html, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { Form, Loading, Notice, Table, Title, Value, useEvery, when } from "../parts.js";
import { sentence, setup } from "../text.js";
import { OVERLAP, Tokens } from "./connect.js";

const EVERY = 10;
const SOON = 30 * 86400 * 1000;
const text = setup.health;

/** Tells whether another token was made in place of this one: it may end. */
const isFollowed = (token, tokens) =>
  tokens.some((each) => each.follows === (token.follows || token.id) && each.createdAt > token.createdAt);

export const Health = ({ state, provider, attempt, follow, reload }) => {
  const [health, setHealth] = useState(null);
  const [mail, setMail] = useState(state.mail);
  const [isSaved, setSaved] = useState(false);
  const [made, setMade] = useState(null);
  useEvery(EVERY, () => follow(async () => setHealth(await ask("GET", "health"))));
  const save = () =>
    attempt(async () => {
      await ask("PUT", "state", { mail });
      await reload();
      setSaved(true);
    });
  const written = (event) => {
    setSaved(false);
    setMail(event.target.value);
  };
  const shown = async (token) => {
    setMade(token);
    await reload();
  };
  const ending = state.tokens.filter((each) => !isFollowed(each, state.tokens) && Date.parse(each.expiresAt) - Date.now() < SOON);
  return html`<${Title}>${text.title}<//>
    ${state.activatedAt && html`<${Notice} kind="good">${setup.review.active(when(state.activatedAt))}<//>`}
    ${ending.map((each) => html`<${Notice} kind="bad">${text.ends(when(each.expiresAt))}<//>`)}
    <p class="field"><strong>${setup.connect.baseUrl}</strong> <${Value} value=${state.baseUrl} name=${setup.connect.baseUrl} /></p>
    ${health === null ? html`<${Loading} />` : html`
      <p><strong>${text.last}</strong> ${when(health.lastRequestAt)}</p>
      ${health.since && html`<p class="soft">${text.since} ${when(health.since)}</p>`}
      <h3>${health.since ? text.errors : text.refused}</h3>
      ${health.errors.length
        ? html`<${Table} caption=${text.errors} columns=${text.columns}
            rows=${health.errors.map((each) => [String(each.times), sentence(each, provider), when(each.at)])} />`
        : html`<p class="soft">${text.noErrors}</p>`}`}
    <${Tokens} state=${state} attempt=${attempt} reload=${reload} shown=${shown} />
    ${made && html`<${Notice} kind="good">${setup.connect.once}<//><${Value} value=${made.token} name=${setup.connect.token} isNew=${true} />
      <${Notice}>${setup.connect.rotateHelp(OVERLAP)}<//>`}
    <${Form} act=${save}>
      <h3><label for="mail">${text.mail}</label></h3>
      <div class="field">
        <input id="mail" type="email" autocomplete="email" value=${mail} onInput=${written} />
        <button type="submit">${text.save}</button> <span role="status">${isSaved ? text.saved : ""}</span>
      </div>
    <//>`;
};
