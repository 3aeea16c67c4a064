// The limits of a tenant, and whether it is served at all.
import { html, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { ConfirmButton, Field, Form, Loading, useBegin, when } from "../parts.js";
import { text } from "./text.js";

const own = text.limits;
const shown = (value) => String(value ?? "");
const numbers = (values) =>
  Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === "" ? [] : [[name, Number(value)]])));

/** An empty field shows the deployment's limit. */
const Numbers = ({ title, fields, values, deployment, set, save, told }) => html`<${Form} act=${save}>
    <h3>${title}</h3>
    <div class="actions">
      ${fields.map(([name, label]) => html`<${Field} label=${label} of=${[values, set]} name=${name} type="number" min="0"
        placeholder=${deployment ? deployment[name] || text.breaker.noLimit : ""} />`)}
      <button type="submit">${own.save}</button> <span role="status">${told}</span>
    </div>
  <//>`;

export const Limits = ({ admin, attempt }) => {
  const [tenant, setTenant] = useState(null);
  const [rate, setRate] = useState({ rate: "" });
  const [breaker, setBreaker] = useState({ number: "", percent: "" });
  const [usual, setUsual] = useState({});
  const [saved, setSaved] = useState("");
  const took = (found) => {
    setTenant(found);
    setRate({ rate: shown(found.rate) });
  };
  useBegin(() =>
    attempt(async () => {
      const state = await ask("GET", `${admin}/breaker`);
      const found = await ask("GET", admin);
      setBreaker({ number: shown(state.number), percent: shown(state.percent) });
      setUsual(state.deployment);
      took(found); // last: what is shown can be changed, and no answer comes over it
    }));
  const saving = (name, act) => () => {
    setSaved("");
    return attempt(async () => {
      await act();
      setSaved(name);
    });
  };
  const saveRate = saving("rate", async () => took(await ask("PATCH", admin, { rate: Number(rate.rate || 0) })));
  const saveBreaker = saving("breaker", () => ask("PUT", `${admin}/breaker`, numbers(breaker)));
  const written = (set) => (values) => {
    setSaved("");
    set(values);
  };
  const turn = (what) => () => attempt(async () => took(await ask("POST", `${admin}/${what}`, {})));
  if (!tenant) return html`<${Loading} />`;
  return html`<p class="field"><strong>${own.profile}</strong> ${tenant.profile || "default"}</p>
    <p class="field"><strong>${own.state}</strong>
      ${tenant.suspended_at ? own.suspended(when(tenant.suspended_at)) : own.served}
      ${tenant.suspended_at
        ? html`<button type="button" onClick=${turn("resume")}>${own.resume}</button>`
        : html`<${ConfirmButton} title=${own.suspend} sure=${own.suspendSure} name="" act=${turn("suspend")} />`}</p>
    <${Numbers} title=${own.ofTenant} fields=${[["rate", own.rate]]} values=${rate} deployment=${tenant.deployment} set=${written(setRate)} save=${saveRate}
      told=${saved === "rate" ? own.saved : ""} />
    <${Numbers} title=${own.breaker} fields=${[["number", own.number], ["percent", own.percent]]} values=${breaker} deployment=${usual} set=${written(setBreaker)}
      save=${saveBreaker} told=${saved === "breaker" ? own.saved : ""} />`;
};
