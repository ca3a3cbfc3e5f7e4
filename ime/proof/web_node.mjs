// Runs the engine of the page in node: JSON on standard input, JSON on standard output.
import { readFileSync } from "node:fs";
import { typeAll } from "./web_type.mjs";

const { engine, ...asked } = JSON.parse(readFileSync(0, "utf8"));
// As data, since a .js file is no module to every version of node.
const source = readFileSync(engine).toString("base64");
const module = await import(`data:text/javascript;base64,${source}`);
process.stdout.write(JSON.stringify(typeAll(module, asked)));
