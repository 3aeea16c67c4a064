// What stops mass deletions: whether it is open, and the button that releases it.
import { html, useEffect, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { Loading, Notice, Table, when } from "../parts.js";
import { text } from "./text.js";

const own = text.breaker;

export const Breaker = ({ admin, attempt }) => {
  const [state, setState] = useState(null);
  const [allow, setAllow] = useState("");
  const [isReleased, setReleased] = useState(false);
  useEffect(() => {
    attempt(async () => setState(await ask("GET", `${admin}/breaker`)));
  }, []);
  const release = (event) => {
    event.preventDefault();
    return attempt(async () => {
      setState(await ask("POST", `${admin}/breaker/release`, allow ? { allow: Number(allow) } : {}));
      setReleased(true);
    });
  };
  if (!state) return html`<${Loading} />`;
  const deployment = state.deployment || {};
  const limit = (name) => String(state[name] ?? text.usual(String(deployment[name] ?? "")));
  const counted = (value) => (state.window_began ? String(value ?? own.noLimit) : own.noWindow);
  const rows = [
    [own.allowed, counted(state.allowed)],
    [own.left, counted(state.left)],
    [own.number, limit("number")],
    [own.percent, limit("percent")],
  ];
  return html`<${Notice} kind=${state.opened_at ? "bad" : "good"}>${state.opened_at ? own.open(when(state.opened_at)) : own.closed}<//>
    <${Table} caption=${text.screens.breaker} columns=${own.columns} rows=${rows} />
    <form class="actions" onSubmit=${release}>
      <label>${own.allow} <input type="number" min="1" value=${allow} onInput=${(event) => setAllow(event.target.value)} /></label>
      <button class="main" type="submit">${own.release}</button>
      <span role="status">${isReleased ? own.released : ""}</span>
    </form>`;
};
