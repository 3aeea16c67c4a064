// Parts of a request: a value put at the path of an attribute, as the served schemas have it.

/** @typedef {{path: string, type: string, required: boolean, multiValued: boolean}} Attribute */

/** @param {Attribute} attribute @param {string} text @returns {string|number|boolean} */
export function typed(attribute, text) {
  if (attribute.type === "boolean") return text.trim().toLowerCase() === "true";
  if (attribute.type === "integer" || attribute.type === "decimal") return Number(text);
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
  if (extension && !next.schemas.includes(extension)) next.schemas.push(extension);
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
