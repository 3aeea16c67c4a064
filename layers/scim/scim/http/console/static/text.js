// Every English sentence of the pages, so that another language is another file.

const unexplained = {
  403: "The request was refused before it reached the service (403), for example by a firewall. Ask the operators of this service.",
  413: "The request is too large (413). Send less at once.",
  429: "There were too many requests at once (429). Wait a moment, then try again.",
};

const forms = {
  bearer: "Authorization: Bearer TOKEN",
  bare: "Authorization: TOKEN",
  token: "Authorization: Token TOKEN",
  basic: "the password of HTTP Basic, with any user name",
};

/** The forms in which a tenant accepts a token. */
export const formsOf = (schemes) => schemes.map((each) => forms[each]).join("; or ");

export const common = {
  copy: "Copy",
  copied: "Copied",
  notCopied: "Copy it by hand",
  none: "There are none.",
  never: "never",
  yes: "yes",
  no: "no",
  loading: "One moment…",
  unreachable: "The service does not answer. Check the connection and try again.",
  failed: (status) => unexplained[status] || `The service answered ${status} without a reason. Try again.`,
  signOut: "Sign out",
  signedOut: "You are signed out.",
  actions: "Actions",
  kept: "Your text is kept: begin a session in another tab, then save it here.",
  unsaved: "What you changed here is not saved. Leave without saving?",
};

export const setup = {
  title: "Connect your identity provider",
  forTenant: (tenant) => `Tenant ${tenant}`,
  until: (time, zone) => `This session ends ${time}. All times are in the time zone ${zone}.`,
  questions: "Questions:",
  newLink: "Open the link that you were sent. If it was used already or has expired, ask the sender for a new one.",
  steps: { choose: "Choose", connect: "Connect", watch: "Watch", review: "Review", health: "Health" },
  stepsName: "Steps of the setup",
  next: "Continue",
  choose: { title: "Which identity provider do you use?", lead: "The next step uses its field names." },
  connect: {
    title: (name) => `Enter this in ${name}`,
    baseUrl: "SCIM base URL",
    token: "Token",
    makeToken: "Create a token",
    once: "Copy the token now. It is shown only once.",
    tokens: "Tokens",
    columns: ["Token", "Created", "Expires", "First use", ""],
    unused: "not used yet",
    rotate: "Rotate",
    rotateHelp: (days) => `A new token was created; the old one stays valid for ${days} days. Enter the new token, and revoke the old one after the new one was used.`,
    revoke: "Revoke",
    revokeSure: "Revoke permanently?",
    noBearer: (forms, name) => `This service accepts the token only in this form: ${forms}. If ${name} can send only Bearer tokens, ask the operators of this service to accept them.`,
    worthKnowing: "Worth knowing",
  },
  watch: {
    title: "Watch it connect",
    lead: (test) => `Now press “${test}” at your provider, then assign a person or a group. The steps below are ticked off as requests arrive.`,
    off: "This service does not keep requests, so no step can be ticked off here. Check your provider's own log.",
    nothing: "No request has arrived yet. If the test reports 401, check the token. If it cannot connect, check the base URL.",
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
    refusals: "Refused requests",
    requests: (count) => (count === 1 ? "1 request so far" : `${count} requests so far`),
    rotated: "The new token was used. You can revoke the old one.",
  },
  review: {
    title: "Review the received users",
    total: (type, total) => `${type}: ${total}`,
    people: "The first of them",
    inactive: "inactive",
    attributes: "Received attributes",
    columns: ["Attribute", "Filled", "Example"],
    nothing: "No users have arrived yet.",
    activate: "Confirm and activate",
    active: (time) => `Active since ${time}.`,
  },
  mapping: {
    title: "Roles and entitlements of groups",
    lead: "Members of a group have these roles and entitlements (separated by commas) in the applications behind this service.",
    group: "Group",
    gives: { roles: "Roles", entitlements: "Entitlements" },
    field: (group, name) => `${group}: ${name}`,
    propose: "Propose",
    proposed: "Proposed. It takes effect when the operators of this service activate it.",
  },
  trial: {
    title: "Test a list of people",
    lead: "Paste a list that your provider exports: CSV, with the column names in the first line. The service tests each person as if your provider had sent them, and stores nothing.",
    list: "People (at most 100)",
    example: "userName,givenName,familyName,email",
    go: "Test",
    people: "Result",
    columns: ["Person", "Would be", "Reason"],
    would: (list) => `Would be: ${list}.`,
    becomes: { new: "created", known: "found here and updated", twice: "twice in the list", refused: "refused" },
    attributes: "Columns and attributes",
    attributeColumns: ["Column", "Attribute", "Example"],
    ignored: "not used",
  },
  health: {
    title: "State of the connection",
    last: "Last request",
    since: "Requests are kept since",
    errors: "Requests refused since then",
    refused: "Refused requests",
    columns: ["Count", "Refusal", "Last"],
    mail: "Contact for this connection (e-mail)",
    save: "Save",
    saved: "Saved.",
    ends: (time) => `A token expires ${time}. Rotate it before then.`,
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
  uniqueness: (name) => `${name || "a value that must be unique, such as userName,"} is already used by another resource`,
  invalidValue: (name) => `the value of ${name || "an attribute"} is missing or of the wrong kind`,
  invalidPath: (name) => `${name || "an attribute"} does not exist here`,
  noTarget: (name) => `${name || "the value to change"} does not exist`,
  mutability: (name) => `${name || "an attribute"} cannot be changed`,
  invalidFilter: (name) => `the filter uses ${name || "an attribute"} in an unsupported comparison`,
  invalidSyntax: () => "the request is not valid SCIM",
  tooMany: () => "it asks for too much at once",
  403: () => "the token does not allow it",
  404: () => "the resource was deleted here, or never existed",
  409: () => "a resource with that name already exists",
  412: () => "somebody else changed the resource in the meantime",
  413: () => "it is too large for one request",
  429: () => "there were too many requests, or too many removals at once; your provider will retry",
};

/** One sentence for one refusal, with the attribute and where to change it at this provider. */
export function sentence(refusal, provider) {
  const what = doing[refusal.operation] || String(refusal.operation);
  const why = because[refusal.scimType] || because[refusal.status] || (() => `the service responded with ${refusal.status}`);
  const places = (provider && provider.attributes) || {};
  const name = refusal.attribute;
  const place = (name && (places[name] || places[name.split(".")[0]])) || (provider && provider.mapping);
  const change = place && refusal.status < 429 && refusal.status !== 404 ? `: change it under ${place}` : "";
  return `${what} was refused because ${why(name)}${change}.`;
}
