// The operator's console: the screens of the deployment and those of a tenant.
import { html, render, useEffect, useRef, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask, secretIsThere } from "../api.js";
import { Field, Form, Loading, Notice, Title, when, zone } from "../parts.js";
import { Link, usePlace, useTitle } from "../place.js";
import { useSession } from "../session.js";
import { common, setup } from "../text.js";
import { Audit } from "./audit.js";
import { Breaker } from "./breaker.js";
import { Clients } from "./clients.js";
import { Definitions } from "./definitions.js";
import { Feed } from "./feed.js";
import { Jobs } from "./jobs.js";
import { Limits } from "./limits.js";
import { Links } from "./links.js";
import { Mapping } from "./mapping.js";
import { Requests } from "./requests.js";
import { Resources } from "./resources.js";
import { Tenants } from "./tenants.js";
import { text } from "./text.js";
import { Tokens } from "./tokens.js";
import { Tolerances } from "./tolerances.js";
import { Workbench } from "./workbench.js";

const DEPLOYMENT = "scim"; // the name under which the audit keeps what was done to no tenant

const SCREENS = {
  requests: Requests, tolerances: Tolerances, jobs: Jobs, audit: Audit, resources: Resources, workbench: Workbench,
  tokens: Tokens, clients: Clients, links: Links, limits: Limits, breaker: Breaker, definitions: Definitions,
  mapping: Mapping, feed: Feed,
};

const Tenant = ({ place, again, attempt, follow, go }) => {
  const { tenant: name, screen, resource } = place;
  const shown = Object.hasOwn(SCREENS, screen) ? screen : "requests";
  const Screen = SCREENS[shown];
  const key = name + shown + again + resource;
  const title = `${name}: ${text.screens[shown]}`;
  useTitle(title, text.title);
  return html`<div class="tenant">
    <nav aria-label=${text.screensName}>
      <ul><li><${Link} to=${{}} go=${go}>← ${text.back}<//></li></ul>
      ${Object.entries(text.groups).map(([title, screens]) => html`<p class="soft" id=${title}>${title}</p>
        <ul aria-labelledby=${title}>${screens.map((each) => html`<li>
          <${Link} to=${{ tenant: name, screen: each }} go=${go} isCurrent=${each === shown}>${text.screens[each]}<//></li>`)}</ul>`)}
    </nav>
    <section class="card"><${Title} key=${key}>${title}<//>
      <${Screen} key=${key} tenant=${name} resource=${resource} attempt=${attempt} follow=${follow} go=${go} admin=${`admin/tenants/${encodeURIComponent(name)}`} />
    </section>
  </div>`;
};

/** The audit of what is no tenant's, or of a tenant by its name. */
const DeploymentAudit = ({ attempt }) => {
  const form = useState({ name: DEPLOYMENT });
  const [shown, setShown] = useState(DEPLOYMENT);
  const submit = () => {
    setShown(form[0].name.trim() || DEPLOYMENT);
  };
  return html`<section class="card"><${Title}>${text.audit.whole}<//>
    <p class="soft">${text.audit.lead}</p>
    <${Form} class="actions" act=${submit}>
      <${Field} label=${text.audit.name} of=${form} name="name" />
      <button type="submit">${text.audit.show}</button>
    <//>
    <${Audit} key=${shown} attempt=${attempt} admin=${`admin/tenants/${encodeURIComponent(shown)}`} />
  </section>`;
};

const Deployment = ({ screen, again, attempt, go }) => {
  const isAudit = screen === "audit";
  useTitle(isAudit ? text.audit.whole : text.tenants, text.title);
  return html`<nav aria-label=${text.deployment}><ul>
      <li><${Link} to=${{}} go=${go} isCurrent=${!isAudit}>${text.tenants}<//></li>
      <li><${Link} to=${{ screen: "audit" }} go=${go} isCurrent=${isAudit}>${text.audit.whole}<//></li>
    </ul></nav>
    ${isAudit ? html`<${DeploymentAudit} key=${again} attempt=${attempt} />` : html`<${Tenants} key=${again} attempt=${attempt} go=${go} />`}`;
};

/** Where nobody is signed in: how to, and why the last attempt failed; without an address only a link opens the console. */
const SignIn = ({ address, reason }) => {
  useTitle(text.signIn.title, text.title);
  return html`<section class="card"><${Title}>${text.signIn.title}<//>
    ${reason && html`<${Notice} kind="bad">${text.signIn.reasons[reason] || text.signIn.reasons.refused}<//>`}
    ${address ? html`<p>${text.signIn.lead}</p><p><a class="button main" href=${address}>${text.signIn.go}</a></p>` : ""}
    <p class="soft">${address ? text.signIn.link : text.signIn.onlyLink}</p>
  </section>`;
};

/** Returns why signing in failed, as the address says, and takes it out of the address bar. */
function takenReason() {
  const reason = new URLSearchParams(location.search).get("why") || "";
  if (reason) history.replaceState(null, "", location.pathname + location.hash);
  return reason;
}

const Console = () => {
  const { session, why, setWhy, isWaiting, attempt, follow, begin, leave } = useSession();
  const [place, go, again] = usePlace(Boolean(why));
  useEffect(() => setWhy(""), [place]); // what was refused on one screen is not about the next
  const wasOpen = useRef(false);
  const [signIn, setSignIn] = useState(null);
  useEffect(() => {
    const [reason, hasSecret] = [takenReason(), secretIsThere()];
    attempt(async () => {
      if (await begin()) return;
      const offer = await ask("GET", "sign-in");
      if (!hasSecret) setWhy(""); // nobody is told that there is no session who has not begun one
      setSignIn({ address: offer.signIn, reason });
    });
  }, []);
  useEffect(() => {
    if (wasOpen.current && !session) ask("GET", "sign-in").then((offer) => setSignIn({ address: offer.signIn, reason: "" }), () => {});
    wasOpen.current = Boolean(session);
  }, [session]);
  return html`<header><h1>${text.title}</h1>
      <span class="soft" role="status">${isWaiting && session ? common.loading : ""}</span>
      ${session && html`<button type="button" onClick=${leave}>${common.signOut}</button>`}</header>
    <main>
      ${why && html`<${Notice} kind="bad">${why}<//>`}
      ${!session && !why && !signIn && html`<${Loading} />`}
      ${!session && signIn && html`<${SignIn} ...${signIn} />`}
      ${session && (place.tenant
        ? html`<${Tenant} place=${place} again=${again} attempt=${attempt} follow=${follow} go=${go} />`
        : html`<${Deployment} screen=${place.screen} again=${again} attempt=${attempt} go=${go} />`)}
    </main>
    <footer class="soft">${session && html`<p>${setup.until(when(session.expiresAt), zone())}</p>`}</footer>`;
};

render(html`<${Console} />`, document.getElementById("app"));
