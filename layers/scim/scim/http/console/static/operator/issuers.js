// The issuers whose tokens a tenant accepts beside its own: trusted by a form, or by a document.
import { html, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { Choice, ConfirmButton, Field, Form, Table, words } from "../parts.js";
import { text } from "./text.js";

const own = text.issuers;
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
  const form = useState(BEGUN);
  const [asked, setAsked] = form;
  const field = (name, type = "text", example = "") =>
    html`<${Field} label=${own[name]} of=${form} name=${name} type=${type} required size=${example.length || 20} placeholder=${example} />`;
  const add = () =>
    done(async () => {
      const made = asked.kind === "entra"
        ? await ask("POST", `${admin}/issuers/entra`, { directory: asked.directory.trim() })
        : await ask("POST", `${admin}/issuers`, { document: documentOf(asked) });
      setAsked(BEGUN);
      return made;
    });
  const remove = (issuer) => () => done(() => ask("DELETE", `${admin}/issuers`, { issuer }));
  const rows = issuers && issuers.map((each) => [
    each.issuer,
    each.kind,
    (each.audiences || []).join(" "),
    html`<${ConfirmButton} title=${own.remove} sure=${own.removeSure} name=${each.issuer} act=${remove(each.issuer)} />`,
  ]);
  return html`<h3>${own.title}</h3>
    <${Table} caption=${own.title} columns=${own.columns} rows=${rows} keys=${(issuers || []).map((each) => each.issuer)} />
    <${Form} class="actions" act=${add}>
      <${Choice} label=${own.kind} of=${form} name="kind" choices=${own.kinds} />
      ${asked.kind === "entra"
        ? field("directory", "text", own.directoryExample)
        : html`${field("issuer", "url")} ${field("jwksUri", "url")} ${field("audiences")} ${field("always")}`}
      <button type="submit">${own.add}</button>
    <//>`;
};
