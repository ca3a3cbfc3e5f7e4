// Compiles keyboards and word lists for Keyman: a JSON line in, a JSON line out, until the input ends.
//
//   node compile.mjs FOLDER          FOLDER is where package.json was installed
//
// In:  {"files": {name: base64}, "keyboard": "x.kmn"?, "ldml": "x.xml"?, "model": "x.model.ts"?, "package": "x.kps"?}
// Out: {"files": {name: base64}, "messages": [text], "failed": bool}
// Nothing touches the disk but the compiler of word lists, which reads its lists through a scratch folder.

import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const folder = path.resolve(process.argv[2]);
const installed = (name) => path.join(folder, 'node_modules', '@keymanapp', name);
const load = (name) => import(pathToFileURL(path.join(installed(name), 'build', 'src', 'main.js')).href);

/** What the compilers ask of the system, answered from the files of one job. */
function callbacks(files, messages) {
  const find = (name) => files.get(path.basename(name));
  return {
    path,
    fs: {
      existsSync: (name) => find(name) !== undefined,
      readFileSync: (name) => find(name),
      readdirSync: () => [...files.keys()],
    },
    loadFile: (name) => find(name) ?? null,
    fileSize: (name) => find(name)?.length,
    resolveFilename: (base, name) => path.join(base.endsWith('/') ? base : path.dirname(base), name),
    reportMessage: (event) => messages.push(event),
    debug: () => {},
  };
}

async function keyboard(name, files, messages) {
  const { KmnCompiler } = await load('kmc-kmn');
  const compiler = new KmnCompiler();
  const options = { shouldAddCompilerVersion: false, saveDebug: false, warnDeprecatedCode: true };
  if (!(await compiler.init(callbacks(files, messages), options))) return [];
  const result = await compiler.run(`/${name}`, `/${name.replace(/kmn$/, 'kmx')}`);
  return Object.values(result?.artifacts ?? {}).filter(Boolean);
}

/** A keyboard of CLDR. Its compiler looks for what every keyboard imports in a folder of its own. */
async function ldml(name, files, messages) {
  const { LdmlKeyboardCompiler } = await load('kmc-ldml');
  const imports = path.join(installed('common-types'), 'build', 'src', 'import', '/');
  const own = callbacks(files, messages);
  const there = {
    ...own,
    loadFile: (file) => (file.startsWith(imports) ? readFileSync(file) : own.loadFile(file)),
  };
  const compiler = new LdmlKeyboardCompiler();
  const readerOptions = { importsPath: imports };
  if (!(await compiler.init(there, { readerOptions, shouldAddCompilerVersion: false, saveDebug: false }))) return [];
  const result = await compiler.run(`/${name}`, `/${name.replace(/xml$/, 'kmx')}`);
  return Object.values(result?.artifacts ?? {}).filter(Boolean);
}

async function bundle(name, files, messages) {
  const { KmpCompiler } = await load('kmc-package');
  const compiler = new KmpCompiler();
  if (!(await compiler.init(callbacks(files, messages), {}))) return [];
  const result = await compiler.run(`/${name}`, `/${name.replace(/kps$/, 'kmp')}`);
  return Object.values(result?.artifacts ?? {}).filter(Boolean);
}

/** The model of a word list; `name` is a JSON file with what a .model.ts would say. */
function model(name, files) {
  const require = createRequire(path.join(folder, 'package.json'));
  const { default: Compiler } = require('@keymanapp/lexical-model-compiler/dist/lexical-model-compiler/lexical-model-compiler.js');
  const scratch = mkdtempSync(path.join(tmpdir(), 'keyman-model-'));
  try {
    const said = JSON.parse(files.get(name).toString('utf8'));
    for (const list of said.sources) writeFileSync(path.join(scratch, list), files.get(list));
    const id = name.replace(/\.model\.json$/, '');
    const code = new Compiler().generateLexicalModelCode(id, said, scratch);
    return [{ filename: `${id}.model.js`, data: Buffer.from(code, 'utf8') }];
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** A message of a compiler as text, with its severity (the bits of CompilerErrorSeverity). */
function told(event) {
  const severity = ['info', 'hint', 'warning', 'error', 'fatal'][(event.code & 0xf00000) >> 20] ?? 'error';
  const where = event.line ? `line ${event.line}: ` : '';
  return { severity, text: `${where}${event.message}` };
}

async function answer(job) {
  const files = new Map(Object.entries(job.files).map(([name, data]) => [name, Buffer.from(data, 'base64')]));
  const events = [];
  const made = {};
  let failed = false;
  try {
    for (const [step, name] of [[keyboard, job.keyboard], [ldml, job.ldml], [model, job.model], [bundle, job.package]]) {
      if (!name || failed) continue;
      const artifacts = await step(name, files, events);
      failed = artifacts.length === 0;
      for (const { filename, data } of artifacts) {
        files.set(path.basename(filename), Buffer.from(data));
        made[path.basename(filename)] = Buffer.from(data).toString('base64');
      }
    }
  } catch (error) {
    failed = true;
    events.push({ code: 0x400000, message: String(error?.stack ?? error) });
  }
  return { files: made, messages: events.map(told), failed };
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
}
