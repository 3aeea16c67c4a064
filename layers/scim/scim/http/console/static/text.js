// Every English sentence of the pages, so that another language is another file.

export const common = {
  copy: "Copy",
  copied: "Copied",
  notCopied: "Copy it by hand",
  none: "Nothing yet.",
  never: "never",
  yes: "yes",
  no: "no",
  loading: "One moment…",
  signOut: "Sign out",
  signedOut: "You are signed out. A new session needs a new link.",
};

export const setup = {
  title: "Connect your identity provider",
  forTenant: (tenant) => `Tenant ${tenant}`,
  until: (time) => `This session ends ${time}.`,
  questions: "Questions:",
  steps: { choose: "Choose", connect: "Connect", watch: "Watch", review: "Review", health: "Health" },
  stepsName: "Steps of the setup",
  next: "Continue",
  choose: { title: "Which identity provider do you use?", lead: "The next step speaks its language." },
  connect: {
    title: (name) => `Enter this in ${name}`,
    baseUrl: "SCIM base URL",
    token: "Token",
    makeToken: "Make a token",
    once: "Copy the token now: it is shown this once and stored nowhere as it is.",
    tokens: "Tokens",
    columns: ["Token", "Made", "Ends", "First use", ""],
    unused: "not used yet",
    rotate: "Rotate",
    rotateHelp: (days) => `A new token was made; the old one goes on for ${days} days. Enter the new one, and revoke the old one once the new one was used.`,
    revoke: "Revoke",
    revokeSure: "Revoke for good?",
    worthKnowing: "Worth knowing",
  },
  watch: {
    title: "Watch it connect",
    lead: (test) => `Now press “${test}” at your provider, then assign a person or a group. What arrives is ticked off here by itself.`,
    off: "This service keeps no requests, so nothing can be ticked off here; your provider's own log shows the same.",
    nothing: "Nothing has arrived yet. If the test says 401, the token is not the one that was made here; if it cannot connect, the base URL is not the one above.",
    steps: {
      test: "The connection test was answered",
      lookUp: "A person was looked up",
      create: "A person was created",
      deactivate: "A person was deactivated",
      group: "A group was pushed",
    },
    waiting: "waiting",
    done: "done",
    refused: "refused",
    refusals: "What was refused",
    requests: (count) => `${count} requests so far`,
    rotated: "The new token was used: the old one can be revoked.",
  },
  review: {
    title: "Look at who has come",
    total: (type, total) => `${type}: ${total}`,
    people: "The first of them",
    inactive: "inactive",
    attributes: "Attributes as they arrived",
    columns: ["Attribute", "Filled", "For example"],
    nothing: "Nobody has come yet.",
    activate: "It is right: activate",
    active: (time) => `Active since ${time}.`,
  },
  mapping: {
    title: "What groups give",
    lead: "Whoever is in a group has these roles and entitlements (separated by commas) in the applications behind this service.",
    group: "Group",
    gives: { roles: "Roles", entitlements: "Entitlements" },
    field: (group, name) => `${group}: ${name}`,
    propose: "Propose",
    proposed: "Proposed: it is in force when those who operate this service have activated it.",
  },
  trial: {
    title: "Who would come",
    lead: "Paste people as your provider exports them: CSV, whose first line names the columns. Each is tried as your provider would send them, and nothing is stored.",
    list: "People (at most 100)",
    example: "userName,givenName,familyName,email",
    go: "Try",
    people: "What would become of them",
    columns: ["Person", "Would be", "Why"],
    becomes: { new: "created", known: "found here and updated", twice: "twice in the list", refused: "refused" },
    attributes: "Columns and attributes",
    attributeColumns: ["Column", "Attribute", "For example"],
    ignored: "not used",
  },
  health: {
    title: "How the connection is",
    last: "Last request",
    since: "Requests are kept since",
    errors: "What was refused since then",
    columns: ["Times", "What", "Last"],
    mail: "Who looks after this connection (e-mail)",
    save: "Save",
    saved: "Saved.",
    ends: (time) => `A token ends ${time}: rotate it before.`,
    noErrors: "Nothing was refused.",
  },
};

const doing = {
  "GET /Users": "Looking up a person",
  "GET /Users/{id}": "Reading a person",
  "POST /Users": "Creating a person",
  "PUT /Users/{id}": "Updating a person",
  "PATCH /Users/{id}": "Updating a person",
  "DELETE /Users/{id}": "Deleting a person",
  "GET /Groups": "Looking up a group",
  "GET /Groups/{id}": "Reading a group",
  "POST /Groups": "Creating a group",
  "PUT /Groups/{id}": "Updating a group",
  "PATCH /Groups/{id}": "Updating a group",
  "DELETE /Groups/{id}": "Deleting a group",
};

const because = {
  uniqueness: (name) => `${name || "a value that must be unique, such as userName,"} is taken by another one already`,
  invalidValue: (name) => `the value of ${name || "an attribute"} is missing or of the wrong kind`,
  invalidPath: (name) => `${name || "an attribute"} is none that exists here`,
  noTarget: (name) => `${name || "what should be changed"} is not there to be changed`,
  mutability: (name) => `${name || "an attribute"} cannot be changed`,
  invalidFilter: (name) => `the filter compares ${name || "an attribute"} in a way that is not possible`,
  invalidSyntax: () => "the request is not written as SCIM expects",
  tooMany: () => "it asks for too much at once",
  403: () => "the token does not allow it",
  404: () => "what it is about was deleted here, or never existed",
  409: () => "something of that name is there already",
  412: () => "it was changed by somebody else meanwhile",
  413: () => "it is too large for one request",
  429: () => "there were too many requests, or too many removals at once; it will be tried again",
};

/** One sentence for one refusal, with the attribute and where to change it at this provider. */
export function sentence(refusal, provider) {
  const what = doing[refusal.operation] || String(refusal.operation);
  const why = because[refusal.scimType] || because[refusal.status] || (() => `the service answered ${refusal.status}`);
  const places = (provider && provider.attributes) || {};
  const name = refusal.attribute;
  const place = (name && (places[name] || places[name.split(".")[0]])) || (provider && provider.mapping);
  const change = place && refusal.status < 429 && refusal.status !== 404 ? `: change it under ${place}` : "";
  return `${what} was refused because ${why(name)}${change}.`;
}
