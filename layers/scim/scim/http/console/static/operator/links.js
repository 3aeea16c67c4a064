// Links to the tenant's setup portal: made and shown once, revoked.
import { html, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { ConfirmButton, Field, Form, Notice, Table, Value, useBegin, when } from "../parts.js";
import { text } from "./text.js";

const own = text.links;

export const Links = ({ admin, attempt }) => {
  const [links, setLinks] = useState(null);
  const form = useState({ contact: "" });
  const [made, setMade] = useState({ id: "", address: "" });
  const load = () => attempt(async () => setLinks((await ask("GET", `${admin}/links`)).items));
  useBegin(load);
  const make = () =>
    attempt(async () => {
      const { secret, link_id: id } = await ask("POST", `${admin}/links`, form[0]);
      setMade({ id, address: `${new URL("../setup/index.html", location.href)}#${secret}` });
      await load();
    });
  const revoke = (id) => () =>
    attempt(async () => {
      await ask("POST", `${admin}/links/${encodeURIComponent(id)}/revoke`, {});
      await load();
    });
  const isShown = links && links.some((each) => each.link_id === made.id && !each.revoked_at);
  const rows = links && links.map((each) => [
    html`<code>${each.link_id}</code>`,
    when(each.created_at),
    when(each.expires_at),
    when(each.used_at),
    each.contact,
    each.revoked_at ? own.ended : html`<${ConfirmButton} title=${own.revoke} sure=${own.sure} name=${each.link_id} act=${revoke(each.link_id)} />`,
  ]);
  return html`<${Table} caption=${text.screens.links} columns=${own.columns} rows=${rows} keys=${(links || []).map((each) => each.link_id)} />
    <${Form} class="actions" act=${make}>
      <${Field} label=${own.contact} of=${form} name="contact" type="email" />
      <button type="submit">${own.make}</button>
    <//>
    ${isShown && html`<${Notice} kind="good">${own.once}<//><${Value} value=${made.address} name=${own.link} isNew=${true} />`}`;
};
