// Clients of the token endpoint, and the issuers whose tokens are accepted.
import { html, useEffect, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { Notice, Table, Value, when } from "../parts.js";
import { Issuers } from "./issuers.js";
import { Sure } from "./sure.js";
import { text } from "./text.js";

const own = text.clients;

export const Clients = ({ admin, attempt }) => {
  const [clients, setClients] = useState([]);
  const [issuers, setIssuers] = useState([]);
  const [asked, setAsked] = useState({ label: "", scopes: "" });
  const [secret, setSecret] = useState("");
  const load = () =>
    attempt(async () => {
      setClients((await ask("GET", `${admin}/clients`)).items);
      setIssuers((await ask("GET", `${admin}/issuers`)).items);
    });
  useEffect(() => {
    load();
  }, []);
  const done = (act) =>
    attempt(async () => {
      const made = await act();
      setSecret(made.secret || "");
      await load();
    });
  const make = (event) => {
    event.preventDefault();
    const scopes = asked.scopes.split(/\s+/).filter(Boolean);
    return done(() => ask("POST", `${admin}/clients`, { label: asked.label, scopes }));
  };
  const at = (client, act) => () => done(() => ask("POST", `${admin}/clients/${encodeURIComponent(client)}/${act}`, {}));
  const set = (name) => (event) => setAsked({ ...asked, [name]: event.target.value });
  const rows = clients.map((each) => [
    html`<code>${each.client_id}</code>`,
    each.label,
    each.scopes.join(" "),
    when(each.created_at),
    each.jwks || each.jwks_uri ? own.keys : own.secret,
    each.revoked_at ? own.ended : html`<span class="field">
      ${each.jwks || each.jwks_uri ? "" : html`<${Sure} title=${own.rotate} sure=${own.rotateSure} name=${each.client_id} act=${at(each.client_id, "rotate")} />`}
      <${Sure} title=${own.revoke} sure=${own.revokeSure} name=${each.client_id} act=${at(each.client_id, "revoke")} /></span>`,
  ]);
  return html`<${Table} caption=${text.rooms.clients} columns=${own.columns} rows=${rows} />
    <form class="actions" onSubmit=${make}>
      <label>${own.label} <input value=${asked.label} onInput=${set("label")} /></label>
      <label>${own.scopes} <input value=${asked.scopes} onInput=${set("scopes")} /></label>
      <button type="submit">${own.make}</button>
    </form>
    ${secret && html`<${Notice} kind="good">${own.once}<//><${Value} value=${secret} name=${own.secret} />`}
    <${Issuers} admin=${admin} issuers=${issuers} done=${done} />`;
};
