// Refuses script that Safari on iOS 13.0 or Chrome 80 cannot parse. Status 1: refused; 2: the parser is not installed.
import { readFileSync } from "node:fs";

const acorn = await import("acorn").catch(() => {
  console.error("acorn is missing: run `make setup` where packages of node can be fetched");
  process.exit(2);
});

// Optional chaining and `??` came with iOS 13.4, hence 2019. Modules with import() and import.meta both browsers know,
// but acorn counts these to 2020: we do without.
const newest = { ecmaVersion: 2019, sourceType: "module" };

for (const path of process.argv.slice(2)) {
  const source = readFileSync(path, "utf8");
  try {
    acorn.parse(source, newest);
  } catch (refusal) {
    console.error(`${path}: ${refusal.message}: ${source.slice(Math.max(0, refusal.pos - 30), refusal.pos + 30)}`);
    process.exitCode = 1;
  }
}
