import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const program = new URL(
  '../Platform.UpstreamSimulators/bin/Release/net10.0/Platform.UpstreamSimulators.dll',
  import.meta.url,
).pathname;

export const key = 'simulator-key-of-thirty-two-chars!';

/** Starts a simulator as a process of its own; it ends with its input. */
export async function start(kind, secondsOfAJob = 1) {
  const child = spawn(
    'dotnet',
    [process.env.SIMULATORS ?? program, kind, '0', String(secondsOfAJob)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const lines = createInterface({ input: child.stdout });
  const [url] = await Promise.race([
    new Promise((resolve) => lines.once('line', (line) => resolve([line.trim()]))),
    new Promise((_, reject) =>
      child.once('exit', (code) => reject(new Error(`The simulator ended with ${code}.`))),
    ),
  ]);
  return {
    url,
    next: (call, what) => fetch(`${url}/simulator/next/${call}/${what}`, { method: 'POST' }),
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', resolve);
        child.stdin.end();
      }),
  };
}
