// What the pages ask of their function; every answer is JSON, every refusal an Error with its sentence.

import { common } from "./text.js";

export class Refusal extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

let own = "1";
const underWay = new Map();

/** Has each call name the tenant that the page shows: the cookie is the browser's, and another tab may change it. */
export function showing(tenant) {
  own = encodeURIComponent(tenant) || "1";
}

/**
 * Calls the function. A change that is asked again before it is answered is one change.
 * @param {string} method @param {string} path below `api/` @param {object} [body] @returns {Promise<any>}
 */
export function ask(method, path, body) {
  const key = JSON.stringify([method, path, body]);
  if (method === "GET") return answered(method, path);
  if (!underWay.has(key)) underWay.set(key, answered(method, path, body).finally(() => underWay.delete(key)));
  return underWay.get(key);
}

/** @param {string} method @param {string} path @param {object} [body] @returns {Promise<any>} */
async function answered(method, path, body) {
  const headers = { "X-Scim-Console": own };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const written = body === undefined ? undefined : JSON.stringify(body);
  return read(`api/${path}`, { method, headers, body: written, credentials: "same-origin", cache: "no-store", redirect: "error" });
}

/** Returns the JSON of a response, null for none. Throws Refusal, also when the service cannot be reached.
 * @param {string} address @param {RequestInit} [options] @returns {Promise<any>} */
export async function read(address, options) {
  const unreachable = () => {
    throw new Refusal(0, common.unreachable);
  };
  const answer = await fetch(address, options).catch(unreachable);
  const text = await answer.text().catch(unreachable);
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
  if (secret) history.replaceState(null, "", location.pathname + location.search);
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
  const session = await ask("GET", "session");
  showing(session.tenant);
  return session;
}
