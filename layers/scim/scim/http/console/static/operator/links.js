// Links to the tenant's setup portal: made and shown once, revoked.
import { html, useEffect, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { Notice, ConfirmButton, Table, Value, when } from "../parts.js";
import { text } from "./text.js";

const own = text.links;

export const Links = ({ admin, attempt }) => {
  const [links, setLinks] = useState(null);
  const [contact, setContact] = useState("");
  const [made, setMade] = useState({ id: "", address: "" });
  const load = () => attempt(async () => setLinks((await ask("GET", `${admin}/links`)).items));
  useEffect(() => {
    load();
  }, []);
  const make = (event) => {
    event.preventDefault();
    return attempt(async () => {
      const { secret, link_id: id } = await ask("POST", `${admin}/links`, { contact });
      setMade({ id, address: `${new URL("../setup/index.html", location.href)}#${secret}` });
      await load();
    });
  };
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
    <form class="actions" onSubmit=${make}>
      <label>${own.contact} <input type="email" value=${contact} onInput=${(event) => setContact(event.target.value)} /></label>
      <button type="submit">${own.make}</button>
    </form>
    ${isShown && html`<${Notice} kind="good">${own.once}<//><${Value} value=${made.address} name=${own.link} isNew=${true} />`}`;
};
