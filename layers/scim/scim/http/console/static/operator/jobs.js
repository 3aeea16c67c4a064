// A tenant's jobs as they go on; one that is not over can be cancelled.
import { html, useState } from "../vendor/htm-preact-3.1.1.js";
import { ask } from "../api.js";
import { Table, useEvery, when } from "../parts.js";
import { Sure } from "./sure.js";
import { text } from "./text.js";

const EVERY = 2;
const OVER = ["completed", "failed", "cancelled"];
const own = text.jobs;

const Progress = ({ job }) => {
  const done = Number(job.completedOperations ?? job.processed ?? 0);
  const total = Number(job.totalOperations ?? job.total ?? 0);
  const told = total ? `${done} / ${total}` : String(done);
  return html`<progress max=${total || 1} value=${total ? done : OVER.includes(job.status) ? 1 : 0} aria-label=${told}></progress> ${told}`;
};

export const Jobs = ({ admin, attempt }) => {
  const [jobs, setJobs] = useState([]);
  const load = () => attempt(async () => setJobs((await ask("GET", `${admin}/jobs`)).items));
  useEvery(EVERY, load);
  const cancel = (id) =>
    attempt(async () => {
      await ask("POST", `${admin}/jobs/${encodeURIComponent(id)}/cancel`, {});
      await load();
    });
  const rows = jobs.map((each) => [
    html`<code>${each.id}</code>`,
    each.kind || each.operation || each.type,
    each.status,
    html`<${Progress} job=${each} />`,
    when(each.created || (each.meta && each.meta.created)),
    OVER.includes(each.status) ? "" : html`<${Sure} title=${own.cancel} sure=${own.sure} name=${each.id} act=${() => cancel(each.id)} />`,
  ]);
  return html`<${Table} caption=${text.rooms.jobs} columns=${own.columns} rows=${rows} />`;
};
