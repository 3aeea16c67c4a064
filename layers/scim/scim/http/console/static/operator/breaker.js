// What stops mass deletions: whether it is open, and the button that releases it.
import { html, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { Field, Form, Loading, Notice, Table, useBegin, when } from "../parts.js";
import { text } from "./text.js";

const own = text.breaker;

export const Breaker = ({ admin, attempt }) => {
  const [state, setState] = useState(null);
  const form = useState({ allow: "" });
  const [isReleased, setReleased] = useState(false);
  useBegin(() => attempt(async () => setState(await ask("GET", `${admin}/breaker`))));
  const release = () =>
    attempt(async () => {
      setState(await ask("POST", `${admin}/breaker/release`, form[0].allow ? { allow: Number(form[0].allow) } : {}));
      setReleased(true);
    });
  if (!state) return html`<${Loading} />`;
  const said = (value) => String(value || (value === 0 ? own.noLimit : ""));
  const limit = (name) => said(state[name]) || text.usual(said((state.deployment || {})[name]));
  const counted = (value) => (state.window_began ? String(value ?? own.noLimit) : own.noWindow);
  const rows = [
    [own.allowed, counted(state.allowed)],
    [own.left, counted(state.left)],
    [own.number, limit("number")],
    [own.percent, limit("percent")],
  ];
  return html`<${Notice} kind=${state.opened_at ? "bad" : "good"}>${state.opened_at ? own.open(when(state.opened_at)) : own.closed}<//>
    <${Table} caption=${text.screens.breaker} columns=${own.columns} rows=${rows} />
    <${Form} class="actions" act=${release}>
      <${Field} label=${own.allow} of=${form} name="allow" type="number" min="1" />
      <button class="main" type="submit">${own.release}</button>
      <span role="status">${isReleased ? own.released : ""}</span>
    <//>`;
};
