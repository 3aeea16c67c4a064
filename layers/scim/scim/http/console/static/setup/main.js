// The setup portal: one tenant's administrator, step by step.
import { html, render, useEffect, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { Notice, when } from "../parts.js";
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

async function providerOf(name) {
  const known = PROVIDERS.includes(name) ? name : "other";
  return (await fetch(`idp/${known}.json`)).json();
}

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
  const { session, why, attempt, begin, leave } = useSession();
  const [state, setState] = useState(null);
  const [provider, setProvider] = useState(null);
  const [step, setStep] = useState("");
  const reload = () =>
    attempt(async () => {
      const found = await ask("GET", "state");
      setState(found);
      return found;
    });
  useEffect(() => {
    attempt(async () => {
      if (!(await begin())) return;
      const found = await reload();
      if (!found) return;
      if (found.provider) setProvider(await providerOf(found.provider));
      setStep(stepOf(found));
    });
  }, []);

  const choose = (name) =>
    attempt(async () => {
      setState(await ask("PUT", "state", { provider: name }));
      setProvider(await providerOf(name));
      setStep("connect");
    });

  const Screen = SCREENS[step];
  return html`<header>
      <h1>${setup.title}</h1>
      ${session && html`<span class="soft">${setup.forTenant(session.tenant)}</span>
        <button type="button" onClick=${leave}>${common.signOut}</button>`}
    </header>
    <main>
      ${why && html`<${Notice} kind="bad">${why}<//>`}
      ${!session && why && html`<p class="soft">${setup.newLink}</p>`}
      ${session && step && html`<${Steps} step=${step} go=${setStep} hasProvider=${Boolean(provider)} />`}
      ${session && Screen
        ? html`<section class="card"><${Screen} key=${step} state=${state} provider=${provider}
            attempt=${attempt} reload=${reload} choose=${choose} go=${setStep} /></section>`
        : !why && html`<p role="status">${common.loading}</p>`}
    </main>
    <footer class="soft">
      ${session && html`<p>${setup.until(when(session.expiresAt))}
        ${session.contact && html` ${setup.questions} <a href=${`mailto:${session.contact}`}>${session.contact}</a>`}</p>`}
    </footer>`;
};

render(html`<${Portal} />`, document.getElementById("app"));
