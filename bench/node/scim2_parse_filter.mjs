// scim2-parse-filter. A line of JSON on stdin, [filters, passes]; one on stdout for each: microseconds of CPU a
// filter, those of the whole process.
import {createRequire} from "node:module";
import {createInterface} from "node:readline";

const {parse} = createRequire(`${process.argv[2]}/`)("scim2-parse-filter");

let read = 0; // so that nothing can be left out as of no use
for await (const line of createInterface({input: process.stdin})) {
  const [filters, passes] = JSON.parse(line);
  const before = process.cpuUsage();
  for (let pass = 0; pass < passes; pass++) for (const filter of filters) read += parse(filter).op.length;
  const {user, system} = process.cpuUsage(before);
  if (read === 0) throw new Error("Nothing was read");
  console.log((user + system) / passes / filters.length);
}
