import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FloodOutcome } from './flood-connection.js';
import type { FloodOrder } from './flood-process.js';

const PROGRAM = fileURLToPath(new URL('./flood-process.js', import.meta.url));

/**
 * Floods an instance from another process, and returns what came of it.
 *
 * @throws Error the process ended without a report
 */
export async function flood(order: FloodOrder): Promise<FloodOutcome> {
  const child: ChildProcess = fork(PROGRAM);
  try {
    return await new Promise((resolve, reject) => {
      child.once('message', (outcome) => resolve(outcome as FloodOutcome));
      child.once('exit', (code) => reject(new Error(`the flood ended early, with ${code}`)));
      child.send(order);
    });
  } finally {
    child.kill('SIGKILL');
  }
}
