// Runs scim2-parse-filter. Reads lines of JSON from stdin, [filters, passes]; writes one line for each to stdout:
// the CPU of the whole process in microseconds, by filter.
import {createRequire} from "node:module";
import {createInterface} from "node:readline";

const {parse} = createRequire(`${process.argv[2]}/`)("scim2-parse-filter");

let read = 0; // keeps V8 from optimizing the calls away
for await (const line of createInterface({input: process.stdin})) {
  const [filters, passes] = JSON.parse(line);
  const before = process.cpuUsage();
  for (let pass = 0; pass < passes; pass++) for (const filter of filters) read += parse(filter).op.length;
  const {user, system} = process.cpuUsage(before);
  if (read === 0) throw new Error("Nothing was read");
  console.log((user + system) / passes / filters.length);
}
