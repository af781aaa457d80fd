/** The command `npm run test:unit`: the tests that need no server and no other process. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { CommandUsage } from '../../src/commands/command-line.js';
import { runCommand } from '../../src/commands/run-command.js';
import { projectRoot } from '../project-root.js';
import { MOCHA_OPTIONS, MOCHA_SYNOPSIS, mochaOptions } from './mocha-options.js';
import { runMocha } from './run-mocha.js';
import { TEST_FILES } from './test-groups.js';
import { importsOf } from './test-imports.js';

/** Modules whose users are too slow for a run of seconds. */
const SLOW_MODULES =
  /^dist\/(tools\/(servers|cluster|supply-chain\/(release|vulnerabilities))|test\/support\/planting)/;
/** They read every source file, as `npm run check` does, or load every package that the benchmarks compare. */
const SLOW_FILES = /\/(boundaries|bench)\//;

const USAGE = {
  command: 'npm run test:unit',
  synopsis: MOCHA_SYNOPSIS,
  does: 'Runs the tests that need no server and no other process, except those of boundaries and benchmarks.',
  options: MOCHA_OPTIONS,
  examples: ['', "--grep 'wallet'"],
} as const satisfies CommandUsage;

await runCommand(USAGE, async ({ values }) => {
  const files = globSync(TEST_FILES, { cwd: projectRoot }).filter(isUnitTest).sort();
  const { hasEndedWell } = await runMocha([...files, ...mochaOptions(values)]);
  process.exitCode = hasEndedWell ? 0 : 1;
});

function isUnitTest(file: string): boolean {
  const imports = [...importsOf(file)];
  const isSlow = imports.some((imported) => SLOW_MODULES.test(imported)) || SLOW_FILES.test(file);
  return !isSlow && !imports.filter(isTestFile).some(startsProcesses);
}

function isTestFile(file: string): boolean {
  return file.startsWith(path.join('dist', 'test'));
}

function startsProcesses(file: string): boolean {
  return readFileSync(path.join(projectRoot, file), 'utf8').includes("'node:child_process'");
}
