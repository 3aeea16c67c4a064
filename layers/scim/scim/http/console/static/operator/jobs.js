// A tenant's jobs as they go on, why one failed, and what was refused; one that is not over can be cancelled.
import { html, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { ConfirmButton, More, Opened, RowButton, Table, useEvery, when } from "../parts.js";
import { text } from "./text.js";

const EVERY = 2;
const SELDOM = 10; // seconds, where no job is open: a list can have 1,000 jobs
const OVER = ["completed", "failed", "cancelled"];
const own = text.jobs;

const Progress = ({ job }) => {
  const { done = 0, total = 0 } = job.operations || {};
  const told = total ? `${done}\u00a0/\u00a0${total}` : String(done);
  const value = total ? done : job.status === "completed" ? 1 : 0;
  return html`<progress max=${total || 1} value=${value} aria-label=${told}></progress> ${told}`;
};

const Failures = ({ failures, more }) => {
  if (!failures.items.length) return html`<p class="soft">${own.noFailures}</p>`;
  const rows = failures.items.map((each) => [
    String(each.position),
    each.line,
    [each.method, each.bulkId || each.location].filter(Boolean).join(" "),
    each.status,
    (each.response && (each.response.detail || each.response.scimType)) || "",
  ]);
  return html`<${Table} caption=${own.failures} columns=${own.failedColumns} rows=${rows} />
    ${failures.next && html`<${More} title=${text.more} act=${more} />`}`;
};

export const Jobs = ({ admin, attempt, follow }) => {
  const [jobs, setJobs] = useState(null);
  const [open, setOpen] = useState(null);
  const load = () => follow(async () => setJobs((await ask("GET", `${admin}/jobs`)).items));
  const isAnyOpen = !jobs || jobs.some((each) => !OVER.includes(each.status));
  useEvery(isAnyOpen ? EVERY : SELDOM, load, [isAnyOpen]);
  const at = (id) => `${admin}/jobs/${encodeURIComponent(id)}`;
  const look = (id, before = [], after = 0, opened = {}) =>
    attempt(async () => {
      const page = await ask("GET", `${at(id)}/failures?after=${after}`);
      setOpen({ id, items: [...before, ...page.items], next: page.next, opened });
    });
  const cancel = (id) =>
    attempt(async () => {
      await ask("POST", `${at(id)}/cancel`, {});
      await load();
    });
  const rows = jobs && jobs.map((each) => [
    html`<code>${each.id}</code>`,
    each.kind,
    each.error ? `${each.status}: ${each.error}` : each.status,
    html`<${Progress} job=${each} />`,
    String((each.operations || {}).failed || 0),
    when(each.meta && each.meta.created),
    html`<span class="field"><${RowButton} title=${text.requests.open} name=${each.id} act=${() => look(each.id)} />
      ${!OVER.includes(each.status) && html`<${ConfirmButton} title=${own.cancel} sure=${own.sure} name=${each.id} act=${() => cancel(each.id)} />`}</span>`,
  ]);
  return html`<${Table} caption=${text.screens.jobs} columns=${own.columns} none=${own.none} rows=${rows} keys=${(jobs || []).map((each) => each.id)} />
    ${open && html`<${Opened} of=${open.opened} title=${html`${own.failures} <code>${open.id}</code>`}>
      <${Failures} failures=${open} more=${() => look(open.id, open.items, open.next, open.opened)} /><//>`}`;
};
