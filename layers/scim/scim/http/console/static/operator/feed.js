// A tenant's change feed: whether changes are logged, what events say of them, and where they are pushed.
import { html, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { Choice, ConfirmButton, Field, Form, Loading, Notice, Table, useBegin, words } from "../parts.js";
import { common } from "../text.js";
import { text } from "./text.js";

const own = text.feed;
const said = (value) => String(value ?? "");
const chosen = (value) => (typeof value === "boolean" ? (value ? "yes" : "no") : "");
const yes = (value) => (typeof value === "boolean" ? (value ? common.yes : common.no) : said(value));

export const Feed = ({ admin, attempt }) => {
  const [feed, setFeed] = useState(null);
  const form = useState({ on: "", full: "", days: "", audience: "" });
  const receiverForm = useState({ url: "", secret: "", events: "" });
  const [[asked, setAsked], [receiver, setReceiver]] = [form, receiverForm];
  const [saved, setSaved] = useState(false);
  const took = (found) => {
    setAsked({ on: chosen(found.on), full: chosen(found.full), days: said(found.days), audience: said(found.audience) });
    setReceiver({ url: said(found.push_url), secret: said(found.push_secret), events: (found.push_events || []).join(" ") });
    setFeed(found);
  };
  useBegin(() => attempt(async () => took(await ask("GET", `${admin}/feed`))));
  const done = (act) =>
    attempt(async () => {
      setSaved(false);
      took(await act());
      setSaved(true);
    });
  const settle = () => {
    const settings = {
      on: asked.on ? asked.on === "yes" : null,
      full: asked.full ? asked.full === "yes" : null,
      days: asked.days ? Number(asked.days) : null,
      audience: asked.audience || null,
    };
    const changes = Object.entries(settings).filter(([name, value]) => value !== feed[name]);
    return done(() => ask("PUT", `${admin}/feed`, Object.fromEntries(changes)));
  };
  const push = () => done(() => ask("PUT", `${admin}/feed/receiver`, { ...receiver, events: words(receiver.events) }));
  const stop = () => done(() => ask("DELETE", `${admin}/feed/receiver`, {}));
  if (!feed) return html`<${Loading} />`;
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
    <${Form} act=${settle}>
      <h3>${own.ofTenant}</h3>
      <div class="actions">
        <${Choice} label=${own.on} of=${form} name="on" choices=${own.choices} />
        <${Choice} label=${own.full} of=${form} name="full" choices=${own.choices} />
        <${Field} label=${`${own.days} ${own.empty}`} of=${form} name="days" type="number" min="1" max="3650" />
        <${Field} label=${`${own.audience} ${own.empty}`} of=${form} name="audience" />
        <button type="submit">${own.save}</button>
      </div>
    <//>
    <${Form} act=${push}>
      <h3>${own.pushed}</h3>
      <div class="actions">
        <${Field} label=${own.url} of=${receiverForm} name="url" type="url" required size="40" />
        <${Field} label=${own.secret} of=${receiverForm} name="secret" />
        <${Field} label=${own.chosen} of=${receiverForm} name="events" />
        <button type="submit">${own.push}</button>
        ${feed.push_url && html`<${ConfirmButton} title=${own.stop} sure=${own.stopSure} name="" act=${stop} />`}
      </div>
    <//>`;
};
