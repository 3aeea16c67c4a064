// Clients of the token endpoint, and the issuers whose tokens are accepted.
import { html, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { ConfirmButton, Field, Form, Notice, Table, Value, useBegin, when, words } from "../parts.js";
import { Issuers } from "./issuers.js";
import { text } from "./text.js";

const own = text.clients;

export const Clients = ({ admin, attempt }) => {
  const [clients, setClients] = useState(null);
  const [issuers, setIssuers] = useState(null);
  const form = useState({ label: "", scopes: "" });
  const [made, setMade] = useState({ client_id: "", secret: "" });
  const load = () =>
    attempt(async () => {
      setClients((await ask("GET", `${admin}/clients`)).items);
      setIssuers((await ask("GET", `${admin}/issuers`)).items);
    });
  useBegin(load);
  const done = (act) =>
    attempt(async () => {
      const told = await act();
      if (told && told.secret) setMade(told); // another act leaves the secret to be copied
      await load();
    });
  const make = () => done(() => ask("POST", `${admin}/clients`, { ...form[0], scopes: words(form[0].scopes) }));
  const at = (client, act) => () => done(() => ask("POST", `${admin}/clients/${encodeURIComponent(client)}/${act}`, {}));
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
    <${Form} class="actions" act=${make}>
      <${Field} label=${own.label} of=${form} name="label" />
      <${Field} label=${own.scopes} of=${form} name="scopes" />
      <button type="submit">${own.make}</button>
    <//>
    ${isShown && html`<${Notice} kind="good">${own.once}<//><${Value} value=${made.secret} name=${own.secret} isNew=${true} />`}
    <${Issuers} admin=${admin} issuers=${issuers} done=${done} />`;
};
