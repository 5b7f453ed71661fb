// The program as it is built, run as a process on free ports, with data of its own and the sandbox.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('../../', import.meta.url));

const program = join(repository, 'src/Platform.Host/bin/Release/net10.0/Platform.Host.dll');
const demoKey = 'sk-demo-of-the-contract-suite-0001';
const starts = 3;
const patience = 60_000;

let started;

/** The running program: { url, key, folder }. Started by whoever asks first. */
export function platform() {
  started ??= start();
  return started;
}

/** Ends it, where it runs, and takes its folder away. */
export async function stopPlatform() {
  if (!started) return;
  const { process, folder } = await started;
  if (process.exitCode === null) {
    const ended = once(process, 'exit');
    process.kill('SIGKILL');
    await ended;
  }
  // A render may go on for a moment, and write while its folder is emptied.
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

async function start() {
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryToStart();
    } catch (error) {
      // Another process may take a port between the look for a free one and its use.
      if (attempt === starts) throw error;
    }
  }
}

async function tryToStart() {
  const folder = await mkdtemp(join(tmpdir(), 'platform-contract-'));
  const url = `http://127.0.0.1:${await freePort()}`;
  const child = spawn('dotnet', [program], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ASPNETCORE_URLS: url,
      TMPDIR: folder,
      Platform__DataDirectory: join(folder, 'data'),
      Platform__Silo__Port: `${await freePort()}`,
      Platform__Silo__GatewayPort: `${await freePort()}`,
      Platform__Metrics__Port: `${await freePort()}`,
      Platform__Demo__ApiKey: demoKey,
      Platform__Sandbox__Latency: '00:00:00.2',
    },
  });
  let log = '';
  child.stdout.on('data', chunk => { log += chunk; });
  child.stderr.on('data', chunk => { log += chunk; });

  const deadline = Date.now() + patience;
  while (!(await isReady(url))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
      throw new Error(`The program did not become ready. It said:\n${log}`);
    }
    await wait(50);
  }
  return { url, key: demoKey, folder, process: child };
}

async function isReady(url) {
  try {
    return (await fetch(`${url}/health/ready`)).ok;
  } catch {
    return false;
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Uploads a sample and gives its link. */
export async function uploadSample(name) {
  const { url, key } = await platform();
  const form = new FormData();
  form.set('file', new Blob([await readFile(join(repository, 'samples', name))]), name);
  const answer = await fetch(`${url}/v1/files`, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body: form });
  if (!answer.ok) throw new Error(`The upload of ${name} was refused: ${answer.status} ${await answer.text()}`);
  return (await answer.json()).file_url;
}
