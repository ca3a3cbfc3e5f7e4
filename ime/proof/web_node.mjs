// Types sequences of strokes through the engine of the page: JSON on standard input, JSON on standard output.
import { readFileSync } from "node:fs";

const { engine, payload, strokes, sequences } = JSON.parse(readFileSync(0, "utf8"));
// As data, since a .js file is no module to every version of node.
const source = readFileSync(engine).toString("base64");
const { prepare, typeAll } = await import(`data:text/javascript;base64,${source}`);
const program = prepare(payload);
const texts = sequences.map((sequence) => typeAll(program, sequence.map((at) => strokes[at])));
process.stdout.write(JSON.stringify(texts));
