// The setup portal: one tenant's administrator, step by step.
import { html, render, useEffect, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask, read } from "../api.js";
import { Loading, Notice, useBegin, when, zone } from "../parts.js";
import { usePlace, useTitle } from "../place.js";
import { useSession } from "../session.js";
import { common, setup } from "../text.js";
import { Choose, PROVIDERS } from "./choose.js";
import { Connect } from "./connect.js";
import { Health } from "./health.js";
import { Review } from "./review.js";
import { Watch } from "./watch.js";

const SCREENS = { choose: Choose, connect: Connect, watch: Watch, review: Review, health: Health };

/** Where somebody goes on who comes back. */
function stepOf(state) {
  if (!state.provider) return "choose";
  if (state.activatedAt) return "health";
  return state.tokens.some((each) => each.usedAt) ? "watch" : "connect";
}

const providerOf = (name) => read(`idp/${PROVIDERS.includes(name) ? name : "other"}.json`);

const Steps = ({ step, go, hasProvider }) =>
  html`<nav aria-label=${setup.stepsName}><ol class="steps">
    ${Object.entries(setup.steps).map(
      ([name, text], index) => html`<li><button type="button"
        aria-current=${name === step ? "step" : null}
        disabled=${name !== "choose" && !hasProvider}
        onClick=${() => go(name)}>${index + 1}. ${text}</button></li>`,
    )}
  </ol></nav>`;

const Portal = () => {
  const { session, isOut, why, setWhy, isWaiting, attempt, follow, begin, leave } = useSession();
  const [state, setState] = useState(null);
  const [provider, setProvider] = useState(null);
  const [first, setFirst] = useState("");
  const [place, setPlace, again] = usePlace(Boolean(why));
  const asked = Object.hasOwn(SCREENS, place.step) && (provider || place.step === "choose") ? place.step : first;
  const step = first && asked;
  const go = (name) => setPlace({ step: name });
  const reload = () =>
    attempt(async () => {
      const found = await ask("GET", "state");
      setState(found);
      return found;
    });
  useEffect(() => {
    setWhy(""); // what was refused at one step is not about the next
    if (first) reload(); // a token may have been used in the meantime
  }, [place]);
  useBegin(() =>
    attempt(async () => {
      if (!(await begin())) return;
      const found = await reload();
      if (!found) return;
      if (found.provider) setProvider(await providerOf(found.provider));
      setFirst(stepOf(found));
    }));

  const choose = (name) =>
    attempt(async () => {
      setState(await ask("PUT", "state", { provider: name }));
      setProvider(await providerOf(name));
      go("connect");
    });

  const Screen = SCREENS[step];
  useTitle(session ? setup.steps[step] : "", setup.title);
  return html`<header>
      <h1>${setup.title}</h1>
      ${session && html`<span class="soft">${setup.forTenant(session.tenant)}</span>
        <span class="soft" role="status">${isWaiting ? common.loading : ""}</span>
        <button type="button" onClick=${leave}>${common.signOut}</button>`}
    </header>
    <main>
      ${why && html`<${Notice} kind="bad">${why}<//>`}
      ${isOut && html`<p class="soft">${setup.newLink}</p>`}
      ${session && step && html`<${Steps} step=${step} go=${go} hasProvider=${Boolean(provider)} />`}
      ${session && Screen
        ? html`<section class="card"><${Screen} key=${step + again} state=${state} provider=${provider}
            attempt=${attempt} follow=${follow} reload=${reload} choose=${choose} go=${go} /></section>`
        : !why && html`<${Loading} />`}
    </main>
    <footer class="soft">
      ${session && html`<p>${setup.until(when(session.expiresAt), zone())}
        ${session.contact && html` ${setup.questions} <a href=${`mailto:${session.contact}`}>${session.contact}</a>`}</p>`}
    </footer>`;
};

render(html`<${Portal} />`, document.getElementById("app"));
