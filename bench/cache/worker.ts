import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Answered, Task, TaskResult } from './worker-process.js';

const program = path.join(import.meta.dirname, 'worker-process.js');
const WAIT_TIMEOUT_MS = 60_000;

/** On a busy machine a package's own connection time-out may pass. */
export function twiceIfNeeded<T>(work: () => Promise<T>): Promise<T> {
  return work().catch(work);
}

/** Does a task in a process of its own, whose code is warm for nothing else. */
export async function inProcess<F extends Task['figure']>(
  task: Task & { readonly figure: F },
): Promise<Answered<F>> {
  // What packages write about the connections that are cut on purpose is of no interest.
  const child = fork(program, {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const exit = once(child, 'exit');
  try {
    child.send(task);
    const answer = once(child, 'message', { signal: AbortSignal.timeout(WAIT_TIMEOUT_MS) });
    // Nobody awaits it any more where the process ended first.
    answer.catch(() => undefined);
    const [message] = await Promise.race([answer, exit.then(() => [{ failure: 'it ended' }])]);
    const told = message as TaskResult;
    if ('result' in told) return told.result as Answered<F>;
    throw new Error(`${task.contestant}, ${task.figure}: ${told.failure}`);
  } finally {
    child.kill('SIGKILL');
    await exit;
  }
}
