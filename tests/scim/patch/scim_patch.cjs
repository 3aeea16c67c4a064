// What scim-patch makes of the cases on stdin, one a line: the body, or the class of what it throws.
const path = require("node:path");
const {scimPatch} = require(path.join(process.argv[2], "scim-patch"));

const lines = require("node:fs").readFileSync(0, "utf-8").trim().split("\n");
for (const line of lines) {
  const {body, operations} = JSON.parse(line);
  let made;
  try {
    made = {body: scimPatch(body, operations, {mutateDocument: true, treatMissingAsAdd: false})};
  } catch (error) {
    made = {refused: error.constructor.name};
  }
  console.log(JSON.stringify(made));
}
