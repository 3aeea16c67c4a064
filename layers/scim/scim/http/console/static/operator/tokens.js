// A tenant's tokens: made and shown once, revoked.
import { html, useEffect, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { Notice, Table, Value, when } from "../parts.js";
import { Sure } from "./sure.js";
import { text } from "./text.js";

const own = text.tokens;

export const Tokens = ({ admin, attempt }) => {
  const [tokens, setTokens] = useState([]);
  const [label, setLabel] = useState("");
  const [made, setMade] = useState("");
  const load = () => attempt(async () => setTokens((await ask("GET", `${admin}/tokens`)).items));
  useEffect(() => {
    load();
  }, []);
  const make = (event) => {
    event.preventDefault();
    return attempt(async () => {
      setMade((await ask("POST", `${admin}/tokens`, { label })).token);
      await load();
    });
  };
  const revoke = (id) =>
    attempt(async () => {
      await ask("POST", `${admin}/tokens/${encodeURIComponent(id)}/revoke`, {});
      await load();
    });
  const rows = tokens.map((each) => [
    html`<code>${each.token_id}</code>`,
    each.label,
    each.scopes.join(" "),
    when(each.created_at),
    when(each.expires_at),
    when(each.used_at),
    each.valid ? html`<${Sure} title=${own.revoke} sure=${own.sure} name=${each.token_id} act=${() => revoke(each.token_id)} />` : own.ended,
  ]);
  return html`<${Table} caption=${text.rooms.tokens} columns=${own.columns} rows=${rows} />
    <form class="actions" onSubmit=${make}>
      <label>${own.label} <input value=${label} onInput=${(event) => setLabel(event.target.value)} /></label>
      <button type="submit">${own.make}</button>
    </form>
    ${made && html`<${Notice} kind="good">${own.once}<//><${Value} value=${made} name=${text.rooms.tokens} />`}`;
};
