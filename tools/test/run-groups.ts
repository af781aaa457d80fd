import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { TemporaryFolder } from '../servers/temporary-folder.js';
import { type MochaRun, runMocha } from './run-mocha.js';
import type { TestGroup } from './test-groups.js';

/**
 * Two at a time: tests mostly wait for a server, a lease or a clock. They share only the servers, where
 * each suite has its own database, topics and keys.
 */
const LANES = Math.min(2, availableParallelism());

/** Runs every group, also after one failed. The output of a group is printed at its end. */
export async function runGroups(groups: readonly TestGroup[]): Promise<MochaRun[]> {
  const folder = new TemporaryFolder('tests');
  const waiting = groups.values();
  const runs: MochaRun[] = [];
  const lane = async () => {
    for (const group of waiting)
      runs.push(await runGroup(group, path.join(folder.path, group.name)));
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  await folder.close();
  return runs;
}

async function runGroup({ name, files, zone }: TestGroup, output: string): Promise<MochaRun> {
  console.log(`tests: ${name} begins`);
  const begun = performance.now();
  const run = await runMocha(files, { output, zone });
  const seconds = Math.round((performance.now() - begun) / 1_000);
  console.log(`tests: ${name}, in ${seconds} s\n${readFileSync(output, 'utf8')}`);
  return run;
}
