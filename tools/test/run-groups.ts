import { availableParallelism } from 'node:os';
import path from 'node:path';
import { TemporaryFolder } from '../servers/temporary-folder.js';
import { bundlePrograms } from './bundle-programs.js';
import { readTestOutput, type TestOutput } from './log-secrets.js';
import { type MochaRun, runMocha } from './run-mocha.js';
import type { TestGroup } from './test-groups.js';

/**
 * Busy groups that run at the same time, besides one that mostly waits. Groups share only the servers, where
 * each suite has its own database, topics and keys.
 */
const BUSY_LANES = Math.min(2, availableParallelism());

/** A run whose output was searched for secrets. */
export type GroupRun = MochaRun & Pick<TestOutput, 'leaks' | 'logLines'>;

/**
 * Runs every group, also after one failed. The output of a group is printed at its end, without the log
 * lines, in which secrets are searched.
 */
export async function runGroups(groups: readonly TestGroup[]): Promise<GroupRun[]> {
  const folder = new TemporaryFolder('tests');
  const bundle = await bundlePrograms();
  const busy = groups.filter(({ waits }) => !waits).values();
  const waiting = groups.filter(({ waits }) => waits).values();
  const runs: GroupRun[] = [];
  /** Takes from `others` when nothing is left of `own`. */
  const lane = async (own: Iterable<TestGroup>, others: Iterable<TestGroup>) => {
    for (const next of [own, others]) {
      for (const group of next)
        runs.push(await runGroup(group, path.join(folder.path, group.name), bundle));
    }
  };
  const lanes = Array.from({ length: BUSY_LANES }, () => lane(busy, waiting));
  await Promise.all([...lanes, lane(waiting, busy)]);
  await folder.close();
  return runs;
}

async function runGroup(
  { name, files, zone }: TestGroup,
  output: string,
  bundle: string,
): Promise<GroupRun> {
  console.log(`tests: ${name} begins`);
  const begun = performance.now();
  const run = await runMocha(files, { output, zone, bundle, logLevel: 'trace' });
  const seconds = Math.round((performance.now() - begun) / 1_000);
  const { text, leaks, logLines } = await readTestOutput(output);
  console.log(`tests: ${name}, in ${seconds} s\n${text}`);
  return { ...run, leaks, logLines };
}
