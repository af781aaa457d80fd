import { spawn } from 'node:child_process';

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
