import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
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

function forwardSignals(child) {
  const sent = new Set();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // The terminal has signalled the program already; npm sends this process a second signal.
      const isFromTerminal = signal !== 'SIGTERM' && isTerminalForeground();
      if (isFromTerminal || sent.has(signal)) return;
      sent.add(signal);
      child.kill(signal);
    });
  }
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

/**
 * Whether this process is in a terminal's foreground group, whose members all get the terminal's
 * Ctrl-C and hang-up. False if /proc does not show it.
 */
function isTerminalForeground() {
  try {
    // The fields follow the program's name, which is in parentheses and may contain spaces.
    const afterName = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1);
    const [, , group, , , terminalGroup] = afterName.split(' ');
    return group === terminalGroup;
  } catch {
    return false;
  }
}
