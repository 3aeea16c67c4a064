// Small parts that both pages are made of. Everything that is shown is text, never markup.
import { html, useEffect, useRef, useState } from "./vendor/htm-preact-3.1.1.js";
import { common } from "./text.js";

export const Title = ({ children }) => {
  const own = useRef(null);
  useEffect(() => own.current && own.current.focus(), []);
  return html`<h2 ref=${own} tabindex="-1">${children}</h2>`;
};

export const Copy = ({ value, name }) => {
  const [told, setTold] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      setTold(common.copied);
    } catch {
      setTold(common.notCopied);
    }
    setTimeout(() => setTold(""), 2000);
  };
  return html`<button type="button" onClick=${copy}>${common.copy}<span class="hidden"> ${name}</span></button>
    <span role="status">${told}</span>`;
};

export const Value = ({ value, name }) =>
  html`<span class="field"><code>${String(value)}</code><${Copy} value=${String(value)} name=${name} /></span>`;

export const Notice = ({ kind, children }) =>
  html`<p class=${`notice ${kind || ""}`} role=${kind === "bad" ? "alert" : "status"}>${children}</p>`;

/** @param {{caption: string, columns: string[], rows: any[][]}} given; cells are texts or parts */
export const Table = ({ caption, columns, rows }) =>
  html`<div class="wide" tabindex="0" role="region" aria-label=${caption}>
    <table>
      <caption class="hidden">${caption}</caption>
      <thead><tr>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
      <tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${shown(cell)}</td>`)}</tr>`)}</tbody>
    </table>
    ${rows.length ? "" : html`<p class="soft">${common.none}</p>`}
  </div>`;

/** A part is what `html` made; anything else becomes text, objects too. */
function shown(cell) {
  if (cell === null || cell === undefined || cell === "") return "–";
  if (typeof cell === "object" && cell.constructor === undefined) return cell;
  return typeof cell === "object" ? JSON.stringify(cell) : String(cell);
}

/** @param {string|number|null} moment RFC 3339, or milliseconds since 1970 */
export function when(moment) {
  if (!moment) return common.never;
  return new Date(moment).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" });
}

/** Asks again and again while the part is shown, and never twice at once. */
export function useEvery(seconds, ask, changes = []) {
  useEffect(() => {
    let timer = 0;
    let isOver = false;
    const again = async () => {
      await ask();
      if (!isOver) timer = setTimeout(again, seconds * 1000);
    };
    again();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, changes);
}
