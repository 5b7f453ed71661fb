// The served document, looked at by published tools.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { platform } from './platform.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const run = promisify(execFile);

let saved;

// The served document: its text, and the file that the tools read.
function document() {
  saved ??= (async () => {
    const { url, folder } = await platform();
    const text = await (await fetch(`${url}/openapi/v1.json`)).text();
    const file = join(folder, 'openapi.json');
    await writeFile(file, text);
    return { file, json: JSON.parse(text) };
  })();
  return saved;
}

// Runs a tool of this folder; it must find nothing, not even a warning.
async function mustFindNothing(tool, ...options) {
  try {
    return await run(join(here, 'node_modules', '.bin', tool), options, { cwd: here, env: { ...process.env, REDOCLY_TELEMETRY: 'off', CI: 'true' } });
  } catch (error) {
    assert.fail(`${tool} found:\n${error.stdout}\n${error.stderr}`);
  }
}

test('spectral finds nothing in the document', async () => {
  const { file } = await document();
  const { stdout } = await mustFindNothing('spectral', 'lint', file, '--ruleset', 'spectral.yaml', '--fail-severity', 'hint');
  assert.match(stdout, /No results with a severity/);
});

test('redocly finds nothing in the document', async () => {
  const { file } = await document();
  const { stderr, stdout } = await mustFindNothing('redocly', 'lint', file, '--config', 'redocly.yaml');
  assert.doesNotMatch(stdout + stderr, /\d+ warnings?/);
});

test('openapi-typescript makes types of the document that compile', async () => {
  const { json } = await document();
  const source = astToString(await openapiTS(json));
  const options = { strict: true, noEmit: true, lib: ['lib.es2022.d.ts'], types: [] };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, version) => name === 'api.ts' ? ts.createSourceFile(name, source, version) : read(name, version);
  const program = ts.createProgram(['api.ts'], options, host);
  const file = program.getSourceFile('api.ts');
  const wrong = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
  assert.deepEqual(wrong.map(d => ts.flattenDiagnosticMessageText(d.messageText, '\n')), []);
  for (const path of Object.keys(json.paths)) {
    assert.ok(source.includes(`"${path}": {`), `${path} has a type`);
  }
});

test('ajv finds every example to be what its schema says', async () => {
  const { json } = await document();
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addFormat('int32', true).addFormat('int64', true);
  ajv.addSchema(json, 'openapi');
  let examples = 0;
  for (const [pointer, media] of mediaOf(json)) {
    for (const [name, example] of Object.entries(media.examples ?? {})) {
      assert.ok(ajv.validate({ $ref: `openapi#${pointer}/schema` }, example.value), `${pointer} ${name}: ${ajv.errorsText()}`);
      examples++;
    }
  }
  assert.ok(examples > 50, `${examples} examples`);
});

// Every media type object, with the pointer that leads to it.
function* mediaOf(node, pointer = '') {
  if (node === null || typeof node !== 'object') return;
  for (const [name, child] of Object.entries(node)) {
    const step = `${pointer}/${encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))}`;
    if (name === 'content') {
      for (const [type, media] of Object.entries(child)) {
        yield [`${step}/${encodeURIComponent(type.replaceAll('/', '~1'))}`, media];
      }
    } else {
      yield* mediaOf(child, step);
    }
  }
}
