import { spawn } from 'node:child_process';
import path from 'node:path';

/** The folder that holds package.json. */
export const projectRoot = path.resolve(import.meta.dirname, '..', '..');

/** An expected failure: it is printed as one line, without a stack. */
export class LaunchError extends Error {
  name = 'LaunchError';
}

/** Prints to stderr, since stdout belongs to the launched command. */
export function say(line) {
  process.stderr.write(`lockstep: ${line}\n`);
}

/** Runs `work`; its failure becomes one line and exit code 1. */
export async function orOneLine(work) {
  try {
    await work();
  } catch (error) {
    say(error instanceof LaunchError ? error.message : String(error?.stack ?? error));
    process.exitCode = 1;
  }
}

const TICK_MS = 1_000;

/** Runs `work` and prints what it does: on a terminal with the elapsed seconds. */
export async function during(what, work) {
  const begun = Date.now();
  const seconds = () => Math.round((Date.now() - begun) / 1_000);
  say(what);
  const timer = setInterval(() => {
    if (process.stderr.isTTY) process.stderr.write(`\rlockstep: … ${seconds()} s `);
  }, TICK_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    // Overwrites the elapsed seconds.
    if (process.stderr.isTTY) process.stderr.write('\r');
    say(`${what}: ${seconds()} s`);
  }
}

/**
 * Runs a program to its end with its output on stderr, so that stdout stays clean.
 *
 * @returns {Promise<number>} its exit code; 1 when a signal ended it
 */
export function runCommand(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 2, 2], ...options });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
