// Parts of a request: a value put at the path of an attribute, as the served schemas have it.
import { text as texts } from "./text.js";

const own = texts.workbench;

/** @typedef {{path: string, type: string, required: boolean, multiValued: boolean}} Attribute */

/** What is written in the field of a body. Throws an Error whose sentence says where it is no JSON object. */
export function objectOf(written) {
  let found;
  try {
    found = JSON.parse(written);
  } catch (error) {
    throw new Error(own.noJson(error.message));
  }
  if (found === null || typeof found !== "object" || Array.isArray(found)) throw new Error(own.noObject);
  return found;
}

/**
 * The value of a text, in the type of its attribute. Throws an Error where it has none.
 * @param {Attribute} attribute @param {string} text @returns {string|number|boolean}
 */
export function typed(attribute, text) {
  const word = text.trim().toLowerCase();
  if (attribute.type === "boolean") {
    if (word !== "true" && word !== "false") throw new Error(own.noBoolean(attribute.path));
    return word === "true";
  }
  if (attribute.type === "integer" || attribute.type === "decimal") {
    if (word === "" || !Number.isFinite(Number(word))) throw new Error(own.noNumber(attribute.path));
    return Number(word);
  }
  return text;
}

/** @param {string} path @returns {{extension: string, name: string, sub: string}} */
export function parted(path) {
  const at = path.lastIndexOf(":") + 1;
  const [name, sub = ""] = path.slice(at).split(".");
  return { extension: path.slice(0, Math.max(at - 1, 0)), name, sub };
}

/**
 * Returns a resource with a value at the path; of an attribute with several values it is part of the last one.
 * @param {Record<string, any>} resource @param {Attribute} attribute @param {unknown} value
 */
export function filled(resource, attribute, value) {
  const { extension, name, sub } = parted(attribute.path);
  const next = structuredClone(resource);
  const level = extension ? (next[extension] = next[extension] || {}) : next;
  if (extension) next.schemas = [...new Set([...(next.schemas || []), extension])];
  if (!attribute.multiValued) {
    if (sub) level[name] = { ...(level[name] || {}), [sub]: value };
    else level[name] = value;
    return next;
  }
  const values = (level[name] = level[name] || []);
  const last = values[values.length - 1];
  if (sub && last && !(sub in last)) last[sub] = value;
  else values.push(sub ? { [sub]: value } : value);
  return next;
}

/**
 * Returns a PATCH with one operation more (RFC 7644 section 3.5.2).
 * @param {Record<string, any>} patch @param {string} op @param {Attribute} attribute @param {unknown} value
 */
export function operation(patch, op, attribute, value) {
  const { extension, name, sub } = parted(attribute.path);
  const whole = extension ? `${extension}:${name}` : name;
  const isOfSeveral = attribute.multiValued && sub !== "" && op === "add";
  const path = isOfSeveral ? whole : attribute.path;
  const said = op === "remove" ? {} : { value: isOfSeveral ? [{ [sub]: value }] : value };
  return { ...patch, Operations: [...(patch.Operations || []), { op, path, ...said }] };
}
