import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Answered, Task, TaskResult } from './worker-process.js';

const program = path.join(import.meta.dirname, 'worker-process.js');
const WAIT_TIMEOUT_MS = 60_000;

/**
 * Runs a task in a new process, because code that another task has warmed up would change the result.
 *
 * @throws Error the task failed, its process ended, or there was no result within WAIT_TIMEOUT_MS
 */
export async function inProcess<F extends Task['figure']>(
  task: Task & { readonly figure: F },
): Promise<Answered<F>> {
  // The output is ignored: packages log the connections that the benchmark cuts on purpose.
  const child = fork(program, {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const exit = once(child, 'exit');
  try {
    child.send(task);
    const answer = once(child, 'message', { signal: AbortSignal.timeout(WAIT_TIMEOUT_MS) });
    // When the process ends first, nobody awaits this promise, and its rejection must not be fatal.
    answer.catch(() => undefined);
    const [message] = await Promise.race([
      answer,
      exit.then(() => [{ failure: 'the process ended without a result' }]),
    ]);
    const reply = message as TaskResult;
    if ('result' in reply) return reply.result as Answered<F>;
    throw new Error(`${task.contestant}, ${task.figure}: ${reply.failure}`);
  } finally {
    child.kill('SIGKILL');
    await exit;
  }
}
