// A request made of what the tenant is served: a read is done, a write is only tried.
import { html, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { Choice, Field, Form, Loading, Notice, Opened, Preformatted, useBegin } from "../parts.js";
import { filled, objectOf, operation, typed } from "./request.js";
import { text } from "./text.js";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const OPERATIONS = { add: "add", replace: "replace", remove: "remove" };
const PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const own = text.workbench;

const begun = (method, type) =>
  method === "PATCH" ? { schemas: [PATCH], Operations: [] } : method === "GET" || method === "DELETE" ? null : { schemas: [type.schema] };

export const Workbench = ({ tenant, attempt }) => {
  const base = `tenants/${encodeURIComponent(tenant)}`;
  const [types, setTypes] = useState([]);
  const [type, setType] = useState(null);
  const [asked, setAsked] = useState({ method: "GET", path: "", body: "" });
  const parts = useState({ op: "replace", path: "", value: "" });
  const [part, setPart] = parts;
  const [answer, setAnswer] = useState(null);
  const begin = (method, chosen) => {
    const body = begun(method, chosen);
    const item = ["PUT", "PATCH", "DELETE"].includes(method);
    setAsked({ method, path: `${chosen.endpoint}${item ? "/" : ""}`, body: body ? JSON.stringify(body, null, 1) : "" });
    setPart({ op: "replace", path: (chosen.attributes[0] || {}).path || "", value: "" });
    setAnswer(null);
  };
  useBegin(() =>
    attempt(async () => {
      const known = (await ask("GET", `${base}/types`)).items;
      const first = known.find((each) => each.type === "User") || known[0];
      setTypes(known);
      setType(first);
      if (first) begin("GET", first);
    }));
  if (!type) return html`<${Loading} />`;
  const choose = (event) => {
    const chosen = types.find((each) => each.type === event.target.value);
    setType(chosen);
    begin(asked.method, chosen);
  };
  const attribute = type.attributes.find((each) => each.path === part.path);
  const add = () =>
    attempt(async () => {
      const body = objectOf(asked.body);
      const value = part.op === "remove" && asked.method === "PATCH" ? "" : typed(attribute, part.value);
      const next = asked.method === "PATCH" ? operation(body, part.op, attribute, value) : filled(body, attribute, value);
      setAsked({ ...asked, body: JSON.stringify(next, null, 1) });
    });
  const send = () =>
    attempt(async () => {
      const body = asked.body ? { body: objectOf(asked.body) } : {};
      setAnswer(await ask("POST", `${base}/trial`, { method: asked.method, path: asked.path, ...body }));
    });
  const hasBody = begun(asked.method, type) !== null;
  return html`<p class="soft">${own.lead}</p>
    <${Form} act=${send}>
      <div class="actions">
        <label>${own.method} <select value=${asked.method} onChange=${(event) => begin(event.target.value, type)}>
          ${METHODS.map((each) => html`<option value=${each}>${each}</option>`)}</select></label>
        <label>${text.resources.type} <select value=${type.type} onChange=${choose}>
          ${types.map((each) => html`<option value=${each.type}>${each.type}</option>`)}</select></label>
        <${Field} label=${own.path} of=${[asked, setAsked]} name="path" size="36" />
      </div>
      ${hasBody && html`<div class="actions">
        ${asked.method === "PATCH" && html`<${Choice} label=${own.operation} of=${parts} name="op" choices=${OPERATIONS} />`}
        <${Choice} label=${own.attribute} of=${parts} name="path" choices=${Object.fromEntries(type.attributes.map((each) =>
          [each.path, `${each.path} (${each.type}${each.required ? `, ${own.required}` : ""})`]))} />
        <${Field} label=${own.value} of=${parts} name="value" />
        <button type="button" onClick=${add}>${own.add}</button>
      </div>
      <label class="tall" for="body">${own.body}</label>
      <textarea id="body" rows="10" spellcheck=${false} value=${asked.body}
        onInput=${(event) => setAsked({ ...asked, body: event.target.value })}></textarea>`}
      <div class="actions"><button class="main" type="submit">${own.send}</button>
        <button type="button" onClick=${() => begin(asked.method, type)}>${own.again}</button></div>
    <//>
    ${answer && html`<${Opened} of=${answer} title=${own.answered}>
      <${Notice} kind=${answer.status < 400 ? "good" : "bad"}>${own.answer(answer.status)}<//>
      <p class="soft">${own.cost}: ${answer.cost || "–"}</p>
      ${answer.body !== null && html`<${Preformatted} value=${answer.body} />`}<//>`}`;
};
