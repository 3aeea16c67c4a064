// What to enter where, in the provider's own words; tokens are made on click and shown once.
import { html, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { ConfirmButton, Notice, RowButton, Table, Title, Value, when } from "../parts.js";
import { formsOf, setup } from "../text.js";

/** How many days a token stays valid that was rotated. */
export const OVERLAP = 7;
const text = setup.connect;

/** The words that may come before the token in the header Authorization. */
const WORDS = { bearer: "Bearer", token: "Token" };
const wordOf = (schemes) => WORDS[Object.keys(WORDS).find((each) => schemes.includes(each))];

/** The steps, without the one that enters the word if the tenant accepts no token after a word. */
const stepsOf = (provider, schemes) =>
  provider.steps.filter((step) => step.value !== "{scheme}" || wordOf(schemes));

/** The step with what stands for its value: the base URL, the token if it was just made, or plain text. */
const Step = ({ step, state, token, make }) => {
  const values = { "{baseUrl}": state.baseUrl, "{token}": token, "{scheme}": wordOf(state.schemes) };
  const value = step.value in values ? values[step.value] : step.value;
  return html`<li>
    ${step.text && html`<span>${step.text.replace("{forms}", formsOf(state.schemes))}</span>`}
    ${step.field && html`<strong>${step.field}</strong>`}
    ${step.field && (value
      ? html`<${Value} value=${value} name=${step.field} isNew=${Boolean(token) && value === token} />`
      : html`<div class="field"><button class="main" type="button" onClick=${make}>${text.makeToken}</button></div>`)}
  </li>`;
};

export const Tokens = ({ state, attempt, reload, shown, after }) => {
  const rotate = (id) =>
    attempt(async () => shown(await ask("POST", "tokens", { rotates: id, overlapDays: OVERLAP }), true));
  const revoke = (id) =>
    attempt(async () => {
      await ask("DELETE", `tokens/${encodeURIComponent(id)}`, {});
      await reload();
      return after && after();
    });
  const rows = state.tokens.map((each) => [
    html`<code>${each.id}</code>`,
    when(each.createdAt),
    when(each.expiresAt),
    each.usedAt ? when(each.usedAt) : text.unused,
    html`<span class="field">
      <${RowButton} title=${text.rotate} name=${each.id} act=${() => rotate(each.id)} />
      <${ConfirmButton} title=${text.revoke} sure=${text.revokeSure} name=${each.id} act=${() => revoke(each.id)} />
    </span>`,
  ]);
  return html`<h3>${text.tokens}</h3><${Table} caption=${text.tokens} columns=${text.columns} rows=${rows} keys=${state.tokens.map((each) => each.id)} />`;
};

export const Connect = ({ state, provider, attempt, reload, go }) => {
  const [token, setToken] = useState("");
  const [isRotated, setRotated] = useState(false);
  const shown = async (made, rotated) => {
    setToken(made.token);
    setRotated(Boolean(rotated));
    await reload();
  };
  const make = () => attempt(async () => shown(await ask("POST", "tokens", {}), false));
  return html`<${Title}>${text.title(provider.name)}<//>
    <p class="soft">${provider.where}</p>
    ${!state.schemes.includes("bearer")
      && html`<${Notice} kind="bad">${text.noBearer(formsOf(state.schemes), provider.name)}<//>`}
    ${!provider.steps.some((step) => step.value === "{baseUrl}")
      && html`<p class="field"><strong>${text.baseUrl}</strong> <${Value} value=${state.baseUrl} name=${text.baseUrl} /></p>`}
    <ol class="todo">
      ${stepsOf(provider, state.schemes).map((step) => html`<${Step} step=${step} state=${state} token=${token} make=${make} />`)}
    </ol>
    ${token && html`<${Notice} kind="good">${text.once}<//>`}
    ${isRotated && html`<${Notice}>${text.rotateHelp(OVERLAP)}<//>`}
    ${state.tokens.length > 0 &&
    html`<${Tokens} state=${state} attempt=${attempt} reload=${reload} shown=${shown} />`}
    ${provider.notes && html`<h3>${text.worthKnowing}</h3><ul>${provider.notes.map((note) => html`<li>${note}</li>`)}</ul>`}
    <div class="actions"><button class="main" type="button" disabled=${!state.tokens.length}
      onClick=${() => go("watch")}>${setup.next}</button></div>`;
};
