import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { isTerminalForeground } from './foreground.mjs';
import { findNode24 } from './install/node-24.mjs';
import { projectRoot } from './project-root.mjs';

const dieWithParent = pathToFileURL(path.join(import.meta.dirname, 'die-with-parent.mjs')).href;

/**
 * Runs a built program on Node 24 in the caller's place: same terminal, same signals.
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

function forwardSignals(child) {
  const sent = new Set();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // The terminal has told the program already, and npm sends this process a second copy.
      const isFromTerminal = signal !== 'SIGTERM' && isTerminalForeground();
      if (isFromTerminal || sent.has(signal)) return;
      sent.add(signal);
      child.kill(signal);
    });
  }
}

/** npm, or the shell between, may be killed without a word to this process. */
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
