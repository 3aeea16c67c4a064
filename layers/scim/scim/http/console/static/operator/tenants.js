// The tenants of the deployment.
import { html, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { Field, Form, More, Table, Title, useBegin, when } from "../parts.js";
import { Link } from "../place.js";
import { text } from "./text.js";

const COUNT = 25; // tenants on a page

const placeOf = (tenant) => ({ tenant, screen: "requests" });

export const Tenants = ({ attempt, go }) => {
  const form = useState({ name: "" });
  const [found, setFound] = useState({ items: null, next: null });
  const load = (after) =>
    attempt(async () => {
      const page = await ask("GET", `admin/status?count=${COUNT}&after=${encodeURIComponent(after)}`);
      setFound((before) => ({ items: after ? [...before.items, ...page.items] : page.items, next: page.next }));
    });
  useBegin(() => load(""));
  const rows = found.items && found.items.map((each) => [
    html`<${Link} to=${placeOf(each.tenant)} go=${go}>${each.tenant}<//>`,
    html`<span class=${`state ${each.state}`}>${text.states[each.state] || each.state}</span>`,
    each.profile || "default",
    String(each.tokens),
    when(each.used_at),
    each.expires_at && when(each.expires_at),
  ]);
  const submit = () => {
    const name = form[0].name.trim();
    if (name) go(placeOf(name));
  };
  return html`<section class="card"><${Title}>${text.tenants}<//>
    ${found.next && html`<${Form} class="actions" act=${submit}>
      <${Field} label=${text.tenantName} of=${form} name="name" />
      <button type="submit">${text.requests.open}</button>
    <//>`}
    <${Table} caption=${text.tenants} columns=${text.tenantColumns} none=${text.noTenants} rows=${rows} keys=${(found.items || []).map((each) => each.tenant)} />
    ${found.next && html`<${More} title=${text.more} act=${() => load(found.next)} />`}
  </section>`;
};
