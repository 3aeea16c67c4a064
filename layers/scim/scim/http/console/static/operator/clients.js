// Clients of the token endpoint, and the issuers whose tokens are accepted.
import { html, useEffect, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { Notice, ConfirmButton, Table, Value, when } from "../parts.js";
import { Issuers } from "./issuers.js";
import { text } from "./text.js";

const own = text.clients;

export const Clients = ({ admin, attempt }) => {
  const [clients, setClients] = useState(null);
  const [issuers, setIssuers] = useState(null);
  const [asked, setAsked] = useState({ label: "", scopes: "" });
  const [made, setMade] = useState({ client_id: "", secret: "" });
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
      const told = await act();
      if (told && told.secret) setMade(told); // another act leaves the secret to be copied
      await load();
    });
  const make = (event) => {
    event.preventDefault();
    const scopes = asked.scopes.split(/\s+/).filter(Boolean);
    return done(() => ask("POST", `${admin}/clients`, { label: asked.label, scopes }));
  };
  const at = (client, act) => () => done(() => ask("POST", `${admin}/clients/${encodeURIComponent(client)}/${act}`, {}));
  const set = (name) => (event) => setAsked({ ...asked, [name]: event.target.value });
  const isShown = clients && clients.some((each) => each.client_id === made.client_id && !each.revoked_at);
  const rows = clients && clients.map((each) => [
    html`<code>${each.client_id}</code>`,
    each.label,
    each.scopes.join(" "),
    when(each.created_at),
    each.jwks || each.jwks_uri ? own.keys : own.secret,
    each.revoked_at ? own.ended : html`<span class="field">
      ${each.jwks || each.jwks_uri ? "" : html`<${ConfirmButton} title=${own.rotate} sure=${own.rotateSure} name=${each.client_id} act=${at(each.client_id, "rotate")} />`}
      <${ConfirmButton} title=${own.revoke} sure=${own.revokeSure} name=${each.client_id} act=${at(each.client_id, "revoke")} /></span>`,
  ]);
  return html`<${Table} caption=${text.screens.clients} columns=${own.columns} rows=${rows} keys=${(clients || []).map((each) => each.client_id)} />
    <form class="actions" onSubmit=${make}>
      <label>${own.label} <input value=${asked.label} onInput=${set("label")} /></label>
      <label>${own.scopes} <input value=${asked.scopes} onInput=${set("scopes")} /></label>
      <button type="submit">${own.make}</button>
    </form>
    ${isShown && html`<${Notice} kind="good">${own.once}<//><${Value} value=${made.secret} name=${own.secret} isNew=${true} />`}
    <${Issuers} admin=${admin} issuers=${issuers} done=${done} />`;
};
