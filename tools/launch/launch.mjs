import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from './console.mjs';
import { findNode24 } from './install.mjs';

const dieWithParent = pathToFileURL(path.join(import.meta.dirname, 'die-with-parent.mjs')).href;

/**
 * Runs a built program on Node 24 with the same terminal and signals as the caller.
 *
 * @returns {Promise<number>} the exit code to end with; 128 and the signal's number, as shells
 *   do, when a signal ended the program
 */
export async function launch(entry, args) {
  const program = path.join(projectRoot, entry);
  const child = spawn(
    findNode24(),
    ['--enable-source-maps', '--import', dieWithParent, program, ...args],
    {
      stdio: 'inherit',
    },
  );
  forwardSignals(child);
  stopWithNpm(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? 128 + os.constants.signals[signal]));
  });
}

/** The terminal and npm may have signalled the program too; it takes that for one signal. */
function forwardSignals(child) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
}

/** npm, or its shell, may be killed without a signal to this process. */
function stopWithNpm(child) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, 200);
  watch.unref();
}
