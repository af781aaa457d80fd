import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { inheritedEnvironment } from '../../../tools/servers/processes/inherited-environment.js';

export interface Started extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly url: string;
}

/**
 * Starts a program that listens on a free port. The program reports the port on its IPC channel or in a line
 * of its output.
 *
 * @throws Error it ended before it listened
 */
export async function startProcess(
  program: string,
  env: Readonly<Record<string, string>>,
): Promise<Started> {
  const child = fork(program, {
    env: { ...inheritedEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const url = await Promise.race([portOf(child), addressOf(child), endOf(child)]);
  child.stdout?.resume();
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  return { child, url, [Symbol.asyncDispose]: stop };
}

async function portOf(child: ChildProcess): Promise<string> {
  const [port] = await once(child, 'message');
  return `http://127.0.0.1:${port}`;
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const url = /listens on (http:[^\s"]+)/.exec(output)?.[1];
      if (url) resolve(url);
    });
  });
}

async function endOf(child: ChildProcess): Promise<never> {
  const [code, signal] = await once(child, 'exit');
  throw new Error(`ended before it listened, with ${code ?? signal}`);
}
