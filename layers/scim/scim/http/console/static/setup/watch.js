// The checklist, filled from the requests that the provider really sends.
import { html, useRef, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { Notice, Title, useEvery, when } from "../parts.js";
import { sentence, setup } from "../text.js";

const EVERY = 2;
const MOST = 20;
const text = setup.watch;
const MARKS = { good: "✓", bad: "✗", "": "…" };
const TOLD = { good: text.done, bad: text.refused, "": text.waiting };

/** What was seen before and what has come since; what was served once stays so. */
function merged(before, found) {
  const steps = { ...before.steps };
  for (const [name, seen] of Object.entries(found.steps)) {
    if (!steps[name] || (seen.served && !steps[name].served)) steps[name] = seen;
  }
  return {
    last: found.last,
    requests: before.requests + found.requests,
    steps,
    refusals: [...before.refusals, ...found.refusals].slice(-MOST),
    tokens: found.tokens,
  };
}

const Check = ({ name, seen }) => {
  const kind = seen ? (seen.served ? "good" : "bad") : "";
  return html`<li class=${kind} data-step=${name}>
    <span class="mark" aria-hidden="true">${MARKS[kind]}</span>
    <span>${text.steps[name]}<span class="hidden">: ${TOLD[kind]}</span></span>
    ${seen && html`<span class="soft">${when(seen.at)}</span>`}
  </li>`;
};

export const Watch = ({ state, provider, follow, go }) => {
  const seen = useRef({ last: 0, requests: 0, steps: {}, refusals: [], tokens: state.tokens });
  const [shown, setShown] = useState(seen.current);
  useEvery(EVERY, () =>
    follow(async () => {
      seen.current = merged(seen.current, await ask("GET", `progress?after=${seen.current.last}`));
      setShown(seen.current);
    }),
  );
  const newest = shown.tokens[0];
  const isRotated = newest && newest.follows && newest.usedAt && shown.tokens.length > 1;
  return html`<${Title}>${text.title}<//>
    <p class="soft">${text.lead(provider.test)}</p>
    ${!state.keepsRequests && html`<${Notice}>${text.off}<//>`}
    <ul class="check" aria-live="polite">
      ${Object.keys(text.steps).map((name) => html`<${Check} name=${name} seen=${shown.steps[name]} />`)}
    </ul>
    <p class="soft" role="status">${shown.requests ? text.requests(shown.requests) : text.nothing}</p>
    ${isRotated && html`<${Notice} kind="good">${text.rotated}<//>`}
    ${shown.refusals.length > 0 && html`<h3>${text.refusals}</h3>
      <ul class="check refusals">${shown.refusals.map(
        (each) => html`<li class="bad" key=${each.number}><span>${sentence(each, provider)}</span>
          <span>${when(each.at)}</span></li>`,
      )}</ul>`}
    <div class="actions"><button class="main" type="button" onClick=${() => go("review")}>${setup.next}</button></div>`;
};
