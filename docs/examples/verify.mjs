// Checks an event that was pushed or polled, before an application believes it: copy it.
import { createPublicKey, verify } from "node:crypto";

// Returns the claims of an event for this application; throws for any other.
// `jwks` is the JSON at /scim/jwks: read it once, and again if no key has the event's `kid`.
export function checked(event, jwks, issuer, audience) {
  const [header, claims, signature] = event.split(".");
  const { alg, typ, kid } = read(header);
  const jwk = jwks.keys.find((each) => each.kid === kid);
  if (alg !== "ES256" || typ !== "secevent+jwt" || !jwk) throw new Error("not signed by the service");
  const key = { key: createPublicKey({ key: jwk, format: "jwk" }), dsaEncoding: "ieee-p1363" };
  if (!verify("sha256", Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, "base64url")))
    throw new Error("not signed by the service");
  const found = read(claims);
  if (found.iss !== issuer || found.aud !== audience) throw new Error("an event of another tenant");
  return found;
}

function read(part) {
  return JSON.parse(Buffer.from(part, "base64url").toString());
}
