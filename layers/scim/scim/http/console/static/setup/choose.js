// Which provider it is: the rest of the portal speaks its language.
import { html } from "../vendor/htm-preact-3.1.1.js";
import { Title } from "../parts.js";
import { setup } from "../text.js";

const NAMES = {
  okta: "Okta",
  entra: "Microsoft Entra ID",
  google: "Google Workspace",
  onelogin: "OneLogin",
  jumpcloud: "JumpCloud",
  ping: "PingOne",
  keycloak: "Keycloak",
  authentik: "authentik",
  other: "Another one",
};
export const PROVIDERS = Object.keys(NAMES);

export const Choose = ({ state, choose }) =>
  html`<${Title}>${setup.choose.title}<//>
    <p class="soft">${setup.choose.lead}</p>
    <div class="choices">
      ${PROVIDERS.map(
        (name) => html`<button type="button" aria-pressed=${String(state.provider === name)}
          onClick=${() => choose(name)}>${NAMES[name]}</button>`,
      )}
    </div>`;
