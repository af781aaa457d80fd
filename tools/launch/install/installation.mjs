import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../project-root.mjs';
import { runNpm } from './npm.mjs';

const installed = path.join(projectRoot, 'node_modules');

/**
 * Whether node_modules holds what package-lock.json asks for.
 *
 * npm notes what it installed in a lockfile of its own, as its last step. Comparing the two
 * needs no stamp of ours, so an install by hand counts, and one cut short does not.
 *
 * @param {'service' | 'all'} scope
 */
export function isInstalled(scope) {
  const wanted = readPackages(path.join(projectRoot, 'package-lock.json'));
  const present = readPackages(path.join(installed, '.package-lock.json'));
  if (!wanted || !present) return false;
  const isNeeded = (entry) =>
    !entry.optional && (scope === 'all' || !(entry.dev || entry.devOptional));
  return Object.entries(wanted)
    .filter(
      ([location, entry]) => location.includes('node_modules/') && !entry.link && isNeeded(entry),
    )
    .every(([location, entry]) => present[location]?.version === entry.version);
}

/**
 * Installs what the lockfile names. `npm ci` begins with an empty folder, so where one stands
 * already `npm install` adds to it: a service that runs keeps its packages.
 *
 * @param {'service' | 'all'} scope
 */
export async function install(scope) {
  const what = scope === 'service' ? 'what the service needs' : 'everything';
  const mode = existsSync(installed) ? ['install', '--no-save'] : ['ci'];
  // The workspaces are the benchmarks' and the client generator's.
  const packages = scope === 'service' ? ['--omit=dev', '--workspaces=false'] : ['--include=dev'];
  await runNpm([...mode, ...packages], `installing ${what} (npm ${mode[0]}), needed once`);
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
