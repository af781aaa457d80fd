import path from 'node:path';
import { projectRoot } from '../project-root.js';
import { type MochaRun, runMocha } from './run-mocha.js';

/** More than these do not fail by chance. */
const MOST_FILES = 3;

/**
 * Runs the few test files that failed beside others once more, alone. What fails again has failed;
 * what does not is named, so that somebody finds out what it hangs on. What failed in another time
 * zone has failed.
 */
export async function secondLook(runs: readonly MochaRun[]): Promise<readonly MochaRun[]> {
  const failed = runs.filter(({ hasEndedWell }) => !hasEndedWell);
  const files = [...new Set(failed.flatMap(({ result }) => result?.failedFiles ?? []))];
  const isByTests = failed.every(
    ({ result, zone }) => !zone && result && result.failedFiles.length > 0,
  );
  if (!isByTests || files.length === 0 || files.length > MOST_FILES) return runs;
  const names = files.map((file) => path.relative(projectRoot, file)).join(', ');
  console.log(`tests: failed beside others, and run again alone: ${names}`);
  const { result, hasEndedWell } = await runMocha(files);
  if (!hasEndedWell || !result) return runs;
  console.log(`tests: UNSTEADY, failed once and then not: ${names}`);
  return runs.map((run) => (failed.includes(run) ? steadied(run) : run));
}

function steadied({ result }: MochaRun): MochaRun {
  const passed = (result?.passed ?? 0) + (result?.failed ?? 0);
  return { result: { passed, failed: 0, failedFiles: [] }, hasEndedWell: true };
}
