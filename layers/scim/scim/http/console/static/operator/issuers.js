// The issuers whose tokens a tenant accepts beside its own: trusted by a form, or by a document.
import { html, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { ConfirmButton, Table } from "../parts.js";
import { text } from "./text.js";

const own = text.issuers;
const words = (value) => value.split(/\s+/).filter(Boolean);
const BEGUN = { kind: "entra", directory: "", issuer: "", jwksUri: "", audiences: "", always: "" };

/** The document of docs/identity-providers.md that the form comes to. */
const documentOf = (asked) => ({
  kind: "jwt",
  issuer: asked.issuer,
  jwksUri: asked.jwksUri,
  audiences: words(asked.audiences),
  scoping: { always: words(asked.always) },
});

export const Issuers = ({ admin, issuers, done }) => {
  const [asked, setAsked] = useState(BEGUN);
  const set = (name) => (event) => setAsked({ ...asked, [name]: event.target.value });
  const field = (name, type = "text", example = "") => html`<label>${own[name]} <input type=${type} required size=${example.length || 20} placeholder=${example} value=${asked[name]} onInput=${set(name)} /></label>`;
  const add = (event) => {
    event.preventDefault();
    return done(async () => {
      const made = asked.kind === "entra"
        ? await ask("POST", `${admin}/issuers/entra`, { directory: asked.directory.trim() })
        : await ask("POST", `${admin}/issuers`, { document: documentOf(asked) });
      setAsked(BEGUN);
      return made;
    });
  };
  const remove = (issuer) => () => done(() => ask("DELETE", `${admin}/issuers`, { issuer }));
  const rows = issuers && issuers.map((each) => [
    each.issuer,
    each.kind,
    (each.audiences || []).join(" "),
    html`<${ConfirmButton} title=${own.remove} sure=${own.removeSure} name=${each.issuer} act=${remove(each.issuer)} />`,
  ]);
  return html`<h3>${own.title}</h3>
    <${Table} caption=${own.title} columns=${own.columns} rows=${rows} keys=${(issuers || []).map((each) => each.issuer)} />
    <form class="actions" onSubmit=${add}>
      <label>${own.kind} <select value=${asked.kind} onChange=${set("kind")}>
        ${Object.entries(own.kinds).map(([value, title]) => html`<option value=${value}>${title}</option>`)}</select></label>
      ${asked.kind === "entra"
        ? field("directory", "text", own.directoryExample)
        : html`${field("issuer", "url")} ${field("jwksUri", "url")} ${field("audiences")} ${field("always")}`}
      <button type="submit">${own.add}</button>
    </form>`;
};
