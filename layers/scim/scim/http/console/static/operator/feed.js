// A tenant's change feed: whether changes are logged, what events say of them, and where they are pushed.
import { html, useEffect, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { Loading, Notice, ConfirmButton, Table } from "../parts.js";
import { common } from "../text.js";
import { text } from "./text.js";

const own = text.feed;
const said = (value) => (value === null || value === undefined ? "" : String(value));
const chosen = (value) => (typeof value === "boolean" ? (value ? "yes" : "no") : "");
const yes = (value) => (typeof value === "boolean" ? (value ? common.yes : common.no) : said(value));

const Choice = ({ label, value, set }) => html`<label>${label} <select value=${value} onChange=${(event) => set(event.target.value)}>
  ${Object.entries(own.choices).map(([each, title]) => html`<option value=${each}>${title}</option>`)}</select></label>`;

export const Feed = ({ admin, attempt }) => {
  const [feed, setFeed] = useState(null);
  const [asked, setAsked] = useState({ on: "", full: "", days: "", audience: "" });
  const [receiver, setReceiver] = useState({ url: "", secret: "", events: "" });
  const [saved, setSaved] = useState(false);
  const took = (found) => {
    setAsked({ on: chosen(found.on), full: chosen(found.full), days: said(found.days), audience: said(found.audience) });
    setReceiver({ url: said(found.push_url), secret: said(found.push_secret), events: (found.push_events || []).join(" ") });
    setFeed(found);
  };
  useEffect(() => {
    attempt(async () => took(await ask("GET", `${admin}/feed`)));
  }, []);
  const done = (act) =>
    attempt(async () => {
      setSaved(false);
      took(await act());
      setSaved(true);
    });
  const settle = (event) => {
    event.preventDefault();
    const settings = {
      on: asked.on ? asked.on === "yes" : null,
      full: asked.full ? asked.full === "yes" : null,
      days: asked.days ? Number(asked.days) : null,
      audience: asked.audience || null,
    };
    const changes = Object.entries(settings).filter(([name, value]) => value !== feed[name]);
    return done(() => ask("PUT", `${admin}/feed`, Object.fromEntries(changes)));
  };
  const push = (event) => {
    event.preventDefault();
    const events = receiver.events.split(/\s+/).filter(Boolean);
    return done(() => ask("PUT", `${admin}/feed/receiver`, { url: receiver.url, secret: receiver.secret, events }));
  };
  const stop = () => done(() => ask("DELETE", `${admin}/feed/receiver`, {}));
  if (!feed) return html`<${Loading} />`;
  const set = (name) => (value) => setAsked({ ...asked, [name]: value });
  const into = (name) => (event) => setReceiver({ ...receiver, [name]: event.target.value });
  const deployment = feed.deployment || {};
  const rows = [
    [own.on, yes(feed.on) || text.usual(yes(deployment.on))],
    [own.days, said(feed.days) || text.usual(said(deployment.days))],
    [own.full, yes(feed.full) || text.usual(yes(deployment.full))],
    [own.audience, feed.audience || text.usual("")],
    [own.receiver, feed.push_url || own.none],
    [own.events, feed.push_url ? (feed.push_events || []).join(" ") || own.all : own.none],
  ];
  return html`<p class="soft">${own.lead}</p>
    <${Table} caption=${text.screens.feed} columns=${own.columns} rows=${rows} />
    ${saved && html`<${Notice} kind="good">${own.saved}<//>`}
    <form onSubmit=${settle}>
      <h3>${own.ofTenant}</h3>
      <div class="actions">
        <${Choice} label=${own.on} value=${asked.on} set=${set("on")} />
        <${Choice} label=${own.full} value=${asked.full} set=${set("full")} />
        <label>${own.days} ${own.empty} <input type="number" min="1" max="3650" value=${asked.days} onInput=${(event) => set("days")(event.target.value)} /></label>
        <label>${own.audience} ${own.empty} <input value=${asked.audience} onInput=${(event) => set("audience")(event.target.value)} /></label>
        <button type="submit">${own.save}</button>
      </div>
    </form>
    <form onSubmit=${push}>
      <h3>${own.pushed}</h3>
      <div class="actions">
        <label>${own.url} <input type="url" required value=${receiver.url} onInput=${into("url")} /></label>
        <label>${own.secret} <input value=${receiver.secret} onInput=${into("secret")} /></label>
        <label>${own.chosen} <input value=${receiver.events} onInput=${into("events")} /></label>
        <button type="submit">${own.push}</button>
        ${feed.push_url && html`<${ConfirmButton} title=${own.stop} sure=${own.stopSure} name="" act=${stop} />`}
      </div>
    </form>`;
};
