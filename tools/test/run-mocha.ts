import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../project-root.js';
import type { TestResult } from './reporter.js';

/** After the last test mocha exits, unless a test left something open. */
const END_TIMEOUT_MS = 15_000;

/** Node keeps compiled modules there. The tests start several hundred processes of the same modules. */
const COMPILE_CACHE = path.join(projectRoot, 'node_modules', '.cache', 'node');

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface MochaOptions {
  /** File for its output; by default the output of this process. */
  readonly output?: string;
  /** Level of the instances that the tests start; by default they log nothing. */
  readonly logLevel?: string;
  /** Folder of the bundle whose programs the tests start; by default they start those of the build. */
  readonly bundle?: string;
  /** Time zone of the process; by default that of this process. */
  readonly zone?: string | undefined;
}

export interface MochaRun {
  /** Undefined if mocha ended before its tests, for example when a test file cannot be loaded. */
  readonly result: TestResult | undefined;
  readonly hasEndedWell: boolean;
}

/** Runs mocha in a new process, with `args` added to those in .mocharc.json. */
export async function runMocha(
  args: readonly string[],
  { output, zone, logLevel, bundle }: MochaOptions = {},
): Promise<MochaRun> {
  const program = path.join(projectRoot, 'node_modules', 'mocha', 'bin', 'mocha.js');
  const reporter = path.join(import.meta.dirname, 'reporter.js');
  const color = process.stdout.isTTY ? ['--color'] : [];
  const file = output === undefined ? undefined : openSync(output, 'a');
  const child = fork(program, ['--reporter', reporter, ...color, ...args], {
    cwd: projectRoot,
    // The reporter translates the stacks of failures.
    execArgv: process.execArgv.filter((flag) => flag !== '--enable-source-maps'),
    env: {
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      ...process.env,
      ...(zone && { TZ: zone }),
      ...(logLevel && { TEST_LOG_LEVEL: logLevel }),
      ...(bundle && { TEST_BUNDLE: bundle }),
    },
    stdio: ['inherit', file ?? 'inherit', file ?? 'inherit', 'ipc'],
  });
  if (file !== undefined) closeSync(file);
  using _ended = endWithThis(child);
  const whenEnded = new Promise<boolean>((resolve) => {
    child.once('exit', (code) => resolve(code === 0));
  });
  const result = await Promise.race([firstMessage(child), whenEnded.then(() => undefined)]);
  const isStuck = setTimeout(() => killStuck(child), END_TIMEOUT_MS);
  const hasEndedWell = await whenEnded;
  clearTimeout(isStuck);
  return { result, hasEndedWell };
}

function firstMessage(child: ChildProcess): Promise<TestResult> {
  return new Promise((resolve) => {
    child.once('message', (message) => {
      resolve(message as TestResult);
      // An open channel would keep mocha alive.
      child.disconnect();
    });
  });
}

function killStuck(child: ChildProcess): void {
  console.error('mocha does not exit: a test left a server, socket or timer open');
  child.kill('SIGKILL');
}

function endWithThis(child: ChildProcess): Disposable {
  const end = () => {
    child.kill('SIGKILL');
    process.exit(1);
  };
  for (const signal of SIGNALS) process.once(signal, end);
  return {
    [Symbol.dispose]() {
      for (const signal of SIGNALS) process.off(signal, end);
    },
  };
}
