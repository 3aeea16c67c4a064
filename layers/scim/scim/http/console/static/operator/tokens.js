// A tenant's tokens, made and shown once, revoked; and the URL that a provider needs beside one.
import { html, useEffect, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { ConfirmButton, Field, Form, Notice, RowButton, Table, Value, when, words } from "../parts.js";
import { formsOf, setup } from "../text.js";
import { text } from "./text.js";

const own = text.tokens;
const BASE = String(new URL("../scim/v2", location.href.split(/[?#]/)[0]));
const idsOf = (tokens) => (tokens || []).map((each) => each.token_id);

export const Tokens = ({ admin, attempt }) => {
  const [tokens, setTokens] = useState(null);
  const [schemes, setSchemes] = useState([]);
  const form = useState({ label: "", scopes: "" });
  const [made, setMade] = useState({ token: "", token_id: "", notes: [] });
  const load = () => attempt(async () => setTokens((await ask("GET", `${admin}/tokens`)).items));
  useEffect(() => {
    attempt(async () => setSchemes((await ask("GET", admin)).schemes));
    load();
  }, []);
  const done = (path, body = {}) =>
    attempt(async () => {
      const answer = await ask("POST", `${admin}/tokens${path}`, body);
      if (answer.token) setMade(answer); // another act leaves the token to be copied
      await load();
    });
  const make = () => done("", { ...form[0], scopes: words(form[0].scopes) });
  const at = (id, act) => () => done(`/${encodeURIComponent(id)}/${act}`);
  const isShown = tokens && tokens.some((each) => each.token_id === made.token_id && each.valid);
  const rows = tokens && tokens.map((each) => [
    html`<code>${each.token_id}</code>`,
    each.label,
    each.scopes.join(" "),
    when(each.created_at),
    when(each.expires_at),
    when(each.used_at),
    !each.valid && (each.revoked_at || Date.parse(each.expires_at) < Date.now()) ? own.ended : html`<span class="field">
      ${each.valid && html`<${RowButton} title=${setup.connect.rotate} name=${each.token_id} act=${at(each.token_id, "rotate")} />`}
      <${ConfirmButton} title=${own.revoke} sure=${own.sure} name=${each.token_id} act=${at(each.token_id, "revoke")} /></span>`,
  ]);
  return html`<p class="field"><strong>${setup.connect.baseUrl}</strong> <${Value} value=${BASE} name=${setup.connect.baseUrl} /></p>
    ${schemes.length > 0 && html`<p><strong>${own.sent}</strong> ${formsOf(schemes)}</p>`}
    <${Table} caption=${text.screens.tokens} columns=${own.columns} rows=${rows} keys=${idsOf(tokens)} />
    <${Form} class="actions" act=${make}>
      <${Field} label=${own.label} of=${form} name="label" />
      <${Field} label=${text.clients.scopes} of=${form} name="scopes" />
      <button type="submit">${own.make}</button>
    <//>
    ${isShown && html`<${Notice} kind="good">${[own.once, ...(made.notes || [])].join(" ")}<//><${Value} value=${made.token} name=${own.token} isNew=${true} />`}`;
};
