// A tenant's tokens, made and shown once, revoked; and the URL that a provider needs beside one.
import { html, useEffect, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { Notice, ConfirmButton, Table, Value, when } from "../parts.js";
import { formsOf, setup } from "../text.js";
import { text } from "./text.js";

const own = text.tokens;
const BASE = String(new URL("../scim/v2", location.href.split(/[?#]/)[0]));
const idsOf = (tokens) => (tokens || []).map((each) => each.token_id);

export const Tokens = ({ admin, attempt }) => {
  const [tokens, setTokens] = useState(null);
  const [schemes, setSchemes] = useState([]);
  const [label, setLabel] = useState("");
  const [scopes, setScopes] = useState("");
  const [made, setMade] = useState({ token: "", token_id: "" });
  const load = () => attempt(async () => setTokens((await ask("GET", `${admin}/tokens`)).items));
  useEffect(() => {
    attempt(async () => setSchemes((await ask("GET", admin)).schemes));
    load();
  }, []);
  const make = (event) => {
    event.preventDefault();
    return attempt(async () => {
      setMade(await ask("POST", `${admin}/tokens`, { label, ...(scopes.trim() ? { scopes: scopes.trim().split(/\s+/) } : {}) }));
      await load();
    });
  };
  const revoke = (id) =>
    attempt(async () => {
      await ask("POST", `${admin}/tokens/${encodeURIComponent(id)}/revoke`, {});
      await load();
    });
  const isShown = tokens && tokens.some((each) => each.token_id === made.token_id && each.valid);
  const rows = tokens && tokens.map((each) => [
    html`<code>${each.token_id}</code>`,
    each.label,
    each.scopes.join(" "),
    when(each.created_at),
    when(each.expires_at),
    when(each.used_at),
    each.valid ? html`<${ConfirmButton} title=${own.revoke} sure=${own.sure} name=${each.token_id} act=${() => revoke(each.token_id)} />` : own.ended,
  ]);
  return html`<p class="field"><strong>${setup.connect.baseUrl}</strong> <${Value} value=${BASE} name=${setup.connect.baseUrl} /></p>
    ${schemes.length > 0 && html`<p><strong>${own.sent}</strong> ${formsOf(schemes)}</p>`}
    <${Table} caption=${text.screens.tokens} columns=${own.columns} rows=${rows} keys=${idsOf(tokens)} />
    <form class="actions" onSubmit=${make}>
      <label>${own.label} <input value=${label} onInput=${(event) => setLabel(event.target.value)} /></label>
      <label>${text.clients.scopes} <input value=${scopes} onInput=${(event) => setScopes(event.target.value)} /></label>
      <button type="submit">${own.make}</button>
    </form>
    ${isShown && html`<${Notice} kind="good">${own.once}<//><${Value} value=${made.token} name=${own.token} isNew=${true} />`}`;
};
