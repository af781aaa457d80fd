import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { projectRoot } from '../project-root.js';
import type { TestResult } from './reporter.js';

/** Once all tests are over, mocha ends by itself unless one of them left something open. */
const END_PATIENCE_MS = 15_000;

export interface MochaRun {
  /** Undefined when mocha ended before its tests did, as when a test file cannot be loaded. */
  readonly result: TestResult | undefined;
  readonly hasEndedWell: boolean;
}

/** Runs mocha in a process of its own, with `args` added to those in .mocharc.json. */
export async function runMocha(args: readonly string[]): Promise<MochaRun> {
  const program = path.join(projectRoot, 'node_modules', 'mocha', 'bin', 'mocha.js');
  const reporter = path.join(import.meta.dirname, 'reporter.js');
  const child = fork(program, ['--reporter', reporter, ...args], { cwd: projectRoot });
  endWithThis(child);
  const whenEnded = new Promise<boolean>((resolve) => {
    child.once('exit', (code) => resolve(code === 0));
  });
  const result = await Promise.race([firstMessage(child), whenEnded.then(() => undefined)]);
  const isStuck = setTimeout(() => killStuck(child), END_PATIENCE_MS);
  const hasEndedWell = await whenEnded;
  clearTimeout(isStuck);
  return { result, hasEndedWell };
}

function firstMessage(child: ChildProcess): Promise<TestResult> {
  return new Promise((resolve) => {
    child.once('message', (message) => {
      resolve(message as TestResult);
      // The channel would keep mocha alive.
      child.disconnect();
    });
  });
}

function killStuck(child: ChildProcess): void {
  console.error('mocha does not end: a test left a server, socket or timer open');
  child.kill('SIGKILL');
}

function endWithThis(child: ChildProcess): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      child.kill('SIGKILL');
      process.exit(1);
    });
  }
}
