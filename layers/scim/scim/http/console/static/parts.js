// Small parts that both pages are made of. Everything that is shown is text, never markup.
import { html, useEffect, useRef, useState } from "./vendor/htm-preact-3.1.1.js";
import { common } from "./text.js";

export const Title = ({ children }) => {
  const own = useRef(null);
  useEffect(() => own.current && own.current.focus(), []);
  return html`<h2 ref=${own} tabindex="-1">${children}</h2>`;
};

/** The second click of a double click, or Enter held down, is no second decision: the first may have changed what the button does. */
addEventListener("click", (event) => {
  if (event.detail < 2 || !(event.target instanceof Element) || !event.target.closest("button")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
addEventListener("keydown", (event) => {
  if (event.repeat && event.key === "Enter" && !(event.target instanceof HTMLTextAreaElement)) event.preventDefault();
}, true);

/** What is opened by a button elsewhere on the page: the focus goes to its heading, so that it is seen and read out. */
export const Opened = ({ title, children, of }) => {
  const own = useRef(null);
  useEffect(() => own.current && own.current.focus(), [of]);
  return html`<h3 ref=${own} tabindex="-1">${title}</h3>${children}`;
};

/** JSON, or a text, as it is. */
export const Preformatted = ({ value }) => html`<pre tabindex="0">${typeof value === "string" ? value : JSON.stringify(value, null, 1)}</pre>`;

/** Keeps the focus near a button that goes while it has it, for whoever works with the keyboard. */
function useFocusNear() {
  const own = useRef(null);
  useEffect(() => () => {
    const button = own.current;
    if (!button || document.activeElement !== button) return;
    const before = button.parentElement.previousElementSibling;
    const near = button.closest("[tabindex]") || (before && before.matches("[tabindex]") ? before : document.querySelector("h2"));
    if (near instanceof HTMLElement) near.focus({ preventScroll: true });
  }, []);
  return own;
}

/** The button below a table that has more rows. */
export const More = ({ title, act }) =>
  html`<div class="actions"><button ref=${useFocusNear()} type="button" onClick=${act}>${title}</button></div>`;

/** A button of a row, which has the row's name for whoever hears it. */
export const RowButton = ({ title, name, act, ...rest }) =>
  html`<button type="button" ...${rest} onClick=${act}>${title}<span class="hidden"> ${name}</span></button>`;

/** A form that stays on the page: `act` does what it is for. */
export const Form = ({ act, children, ...rest }) => {
  const submit = (event) => {
    event.preventDefault();
    act();
  };
  return html`<form ...${rest} onSubmit=${submit}>${children}</form>`;
};

/** A field of the form whose state `of` is; what else is given belongs to the input. */
export const Field = ({ label, of: [written, set], name, ...rest }) =>
  html`<label>${label} <input ...${rest} value=${written[name]} onInput=${(event) => set({ ...written, [name]: event.target.value })} /></label>`;

/** The same for one of several values, each with its text. */
export const Choice = ({ label, of: [written, set], name, choices }) =>
  html`<label>${label} <select value=${written[name]} onChange=${(event) => set({ ...written, [name]: event.target.value })}>
    ${Object.entries(choices).map(([value, title]) => html`<option value=${value}>${title}</option>`)}</select></label>`;

export const words = (value) => value.split(/\s+/).filter(Boolean);

/** A button that asks once more before it does what cannot be taken back. */
export const ConfirmButton = ({ title, sure, name, act }) => {
  const [isAsked, setAsked] = useState(false);
  const own = useFocusNear();
  const press = () => {
    setAsked(!isAsked);
    if (isAsked) act();
  };
  return html`<button ref=${own} type="button" onClick=${press} onBlur=${() => setAsked(false)}
    onKeyDown=${(event) => event.key === "Escape" && setAsked(false)}>${isAsked ? sure : title}<span class="hidden"> ${name}</span></button>`;
};

export const Loading = () => html`<p class="soft loading" role="status">${common.loading}</p>`;

/** @param {{value: string, name: string, isNew?: boolean}} given; what is new has the focus */
export const Copy = ({ value, name, isNew }) => {
  const [told, setTold] = useState("");
  const own = useRef(null);
  useEffect(() => {
    if (isNew && own.current) own.current.focus();
  }, [value]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      setTold(common.copied);
    } catch {
      setTold(common.notCopied);
    }
    setTimeout(() => setTold(""), 2000);
  };
  return html`<button ref=${own} type="button" onClick=${copy}>${common.copy}<span class="hidden"> ${name}</span></button>
    <span role="status">${told}</span>`;
};

export const Value = ({ value, name, isNew }) =>
  html`<span class="field"><code>${String(value)}</code><${Copy} value=${String(value)} name=${name} isNew=${isNew} /></span>`;

export const Notice = ({ kind, children }) =>
  html`<p class=${`notice ${kind || ""}`} role=${kind === "bad" ? "alert" : "status"}>${children}</p>`;

/** @param {{caption: string, columns: string[], rows: any[][]|null|undefined, keys?: any[], none?: string}} given; cells are texts or parts; no rows: not known yet;
 * `none` is the text for an empty table; `keys` tell rows apart that have buttons, so that a button stays with its row when others come or go */
export const Table = ({ caption, columns, rows, keys = [], none = common.none }) =>
  html`<div class="wide" tabindex="0" role="region" aria-label=${caption}>
    <table>
      <caption class="hidden">${caption}</caption>
      <${Head} columns=${columns} />
      <tbody>${(rows || []).map((row, at) => html`<tr key=${keys[at]}>${row.map((cell) => html`<td class=${kindOf(cell)}>${shown(cell)}</td>`)}</tr>`)}</tbody>
    </table>
    ${rows ? rows.length === 0 && html`<p class="soft">${none}</p>` : html`<${Loading} />`}
  </div>`;

/** The names of columns; the column of the buttons has one for whoever hears it. */
export const Head = ({ columns }) =>
  html`<thead><tr>${columns.map((name) => html`<th scope="col">${name || html`<span class="hidden">${common.actions}</span>`}</th>`)}</tr></thead>`;

const NUMBER = /^[\d /]+$/;
const TIME = /^\d{1,2} \p{L}+ \d{4}, [\d:]+$/u; // what `when` returns
const kindOf = (cell) => (NUMBER.test(String(cell)) ? "number" : TIME.test(String(cell)) ? "time" : typeof cell === "string" && cell.length > 60 ? "long" : null);

/** A part is what `html` made; anything else becomes text, objects too. */
function shown(cell) {
  if (cell === null || cell === undefined || cell === "") return "–";
  if (typeof cell === "object" && cell.constructor === undefined) return cell;
  return breakable(typeof cell === "object" ? JSON.stringify(cell) : String(cell));
}

/** Where a text may go on in the next line: after a part of a name (`revoke|Token`, `users/|p1`), not within a time or an address, and within what is longer than any word. */
const PLACES = /[/@_-](?=[^/.@:_-])|[.:](?=[^/.@:_-])(?!\d{1,3}(?![\p{L}\d]))|\p{Ll}(?=\p{Lu})|[^\s/.@:_-]{20}(?=[^\s/.@:_-]{6})/gu;

export const breakable = (text) =>
  text.replace(PLACES, "$&\0").split("\0").flatMap((part, at) => (at ? [html`<wbr />`, part] : [part]));

/** @param {string|number|null} moment RFC 3339, or milliseconds since 1970 */
export function when(moment) {
  if (!moment) return common.never;
  return new Date(moment).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" });
}

/** The browser's time zone, in which times are shown. */
export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Does something when the part is first shown. */
export const useBegin = (act) => useEffect(() => void act(), []);

/** Waits until the tab is shown, or no longer. */
const turned = () => new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }));

/** Asks again and again while the part is shown, never twice at once, and not in a tab that nobody sees. */
export function useEvery(seconds, ask, changes = []) {
  useEffect(() => {
    let timer = 0;
    let isOver = false;
    const again = async () => {
      while (document.hidden && !isOver) await turned();
      if (!isOver) await ask();
      if (!isOver) timer = setTimeout(again, seconds * 1000);
    };
    again();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, changes);
}
