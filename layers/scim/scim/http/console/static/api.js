// What the pages ask of their function; every answer is JSON, every refusal an Error with its sentence.

import { common } from "./text.js";

export class Refusal extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/** @param {string} method @param {string} path below `api/` @param {object} [body] @returns {Promise<any>} */
export async function ask(method, path, body) {
  const headers = { "X-Scim-Console": "1" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const answer = await fetch(`api/${path}`, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
    credentials: "same-origin",
    cache: "no-store",
    redirect: "error",
  }).catch(() => {
    throw new Refusal(0, common.unreachable);
  });
  const text = await answer.text();
  const shown = text ? objectIn(text) : null;
  if (shown === undefined || !answer.ok) throw new Refusal(answer.status, (shown && shown.detail) || common.failed(answer.status));
  return shown;
}

/** What a text is as JSON; undefined for a page of whoever stands between. */
function objectIn(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads the secret behind the # and takes it out of the address bar before anything else happens. */
export function secretTaken() {
  const secret = location.hash.slice(1);
  if (secret) history.replaceState(null, "", location.pathname);
  return secret;
}

/** A link that is opened where the page is shown already changes nothing but what is behind the #: begin with it. */
addEventListener("hashchange", () => {
  if (secretIsThere()) location.reload();
});

/** Tells whether the address has a secret behind its #. */
export const secretIsThere = () => location.hash.length > 1;

/** Opens the session of a link, or goes on with the one that is there. */
export async function opened() {
  const secret = secretTaken();
  if (secret) await ask("POST", "session", { secret });
  return ask("GET", "session");
}
