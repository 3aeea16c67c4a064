// Runs scimmy-routers with its resources in memory. Reads lines of JSON from stdin, [method, path, body]; writes one
// line for each to stdout, [status, text, seconds of CPU]: those of the whole process, including garbage collection.
import {randomUUID} from "node:crypto";
import {IncomingMessage, ServerResponse} from "node:http";
import {createRequire} from "node:module";
import {createInterface} from "node:readline";
import {Writable} from "node:stream";

const packages = createRequire(`${process.argv[2]}/`);
const express = packages("express");
const {SCIMMYRouters, SCIMMY} = packages("scimmy-routers");

// A resource type's resources by id, and their ids by the unique attribute, if there is one.
class Store {
  #byId = new Map();
  #idByUnique = new Map();
  #unique;

  constructor(unique) {
    this.#unique = unique;
  }

  // Create or replace: the client's resource, with an id and the times.
  ingress(resource, data) {
    const before = resource.id ? this.#existing(resource.id) : undefined;
    const id = before?.id ?? randomUUID();
    const now = new Date().toISOString();
    const made = {...data, id, meta: {...data.meta, created: before?.meta.created ?? now, lastModified: now}};
    if (this.#unique) {
      const key = this.#keyOf(made[this.#unique]);
      if ((this.#idByUnique.get(key) ?? id) !== id)
        throw new SCIMMY.Types.Error(409, "uniqueness", `${this.#unique} is taken`);
      if (before) this.#idByUnique.delete(this.#keyOf(before[this.#unique]));
      this.#idByUnique.set(key, id);
    }
    this.#byId.set(id, made);
    return made;
  }

  // One resource by id; by the unique attribute through the index; with other filters by scimmy's own comparison.
  egress(resource) {
    if (resource.id) return this.#existing(resource.id);
    const {filter} = resource;
    if (!filter) return [...this.#byId.values()];
    const equal = this.#equal(filter);
    if (equal === undefined) return filter.match([...this.#byId.values()]);
    const found = this.#byId.get(this.#idByUnique.get(this.#keyOf(equal)));
    return found ? [found] : [];
  }

  degress(resource) {
    const gone = this.#existing(resource.id);
    if (this.#unique) this.#idByUnique.delete(this.#keyOf(gone[this.#unique]));
    this.#byId.delete(resource.id);
  }

  #existing(id) {
    const found = this.#byId.get(id);
    if (!found) throw new SCIMMY.Types.Error(404, null, `Resource ${id} not found`);
    return found;
  }

  #keyOf(value) {
    return String(value).toLowerCase();
  }

  // The value of a filter that is only `unique eq "value"`.
  #equal(filter) {
    if (filter.length !== 1) return undefined;
    const [[attribute, comparison], ...others] = Object.entries(filter[0]);
    const is = attribute === this.#unique && comparison[0] === "eq" && others.length === 0;
    return is ? comparison[1] : undefined;
  }
}

function declare(Resource, store, more) {
  SCIMMY.Resources.declare(Resource, {
    ingress: (resource, data) => store.ingress(resource, data),
    egress: (resource) => store.egress(resource),
    degress: (resource) => store.degress(resource),
    ...more,
  });
}

declare(SCIMMY.Resources.User, new Store("userName"), {
  extensions: [{schema: SCIMMY.Schemas.EnterpriseUser, required: false}],
});
declare(SCIMMY.Resources.Group, new Store(undefined), {});

// Express 4: scimmy-routers writes a number into `request.query`; Express 5 parses the query again and loses `count`.
const app = express();
app.use("/scim/v2", new SCIMMYRouters({
  type: "bearer",
  handler: (request) => {
    if (request.header("Authorization") !== "Bearer none") throw new Error("Not the token");
    return "whoever";
  },
}));

// Have the application answer a request without a socket; creating the request is not counted.
function answered(method, path, body) {
  const content = body === null ? undefined : Buffer.from(JSON.stringify(body));
  const chunks = [];
  const socket = new Writable({
    write(chunk, encoding, done) {
      chunks.push(Buffer.from(chunk, encoding));
      done();
    },
  });
  const request = new IncomingMessage(socket);
  Object.assign(request, {method, url: path, httpVersion: "1.1", httpVersionMajor: 1, httpVersionMinor: 1});
  request.headers = {
    host: "localhost",
    authorization: "Bearer none",
    "content-type": "application/scim+json",
    ...(content && {"content-length": String(content.length)}),
  };
  if (content) request.push(content);
  request.push(null);
  request.complete = true;
  const response = new ServerResponse(request);
  response.assignSocket(socket);
  return new Promise((resolve) => {
    let before;
    response.on("finish", () => {
      const {user, system} = process.cpuUsage(before);
      const sent = Buffer.concat(chunks).toString();
      const text = sent.slice(sent.indexOf("\r\n\r\n") + 4);
      resolve([response.statusCode, text, (user + system) / 1e6]);
    });
    before = process.cpuUsage();
    app(request, response);
  });
}

for await (const line of createInterface({input: process.stdin})) {
  const [method, path, body] = JSON.parse(line);
  process.stdout.write(JSON.stringify(await answered(method, path, body)) + "\n");
}
