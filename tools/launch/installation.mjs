import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { LaunchError, say } from './failure.mjs';
import { projectRoot } from './project-root.mjs';
import { runCommand } from './run-command.mjs';

/**
 * Whether node_modules holds what package-lock.json asks for.
 *
 * npm notes what it installed in a lockfile of its own, as its last step. Comparing the two
 * needs no stamp of ours, so an `npm install` by hand counts, and one cut short does not.
 */
export function isInstalled(root = projectRoot) {
  const wanted = readPackages(path.join(root, 'package-lock.json'));
  const present = readPackages(path.join(root, 'node_modules', '.package-lock.json'));
  if (!wanted || !present) return false;
  return Object.entries(wanted)
    .filter(([location, entry]) => location !== '' && !entry.optional)
    .every(([location, entry]) => present[location]?.version === entry.version);
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/**
 * Installs every dependency, those for development included: the build and Node 24 are two of them.
 *
 * Not by `npm ci`, which refuses a lockfile that lacks the packages of other platforms, as one
 * written against a partial registry does, and which takes the packages from under a service
 * that runs. Without saving, `npm install` follows the lockfile and leaves it alone.
 */
export async function install() {
  say('installing dependencies (npm install), needed once');
  const code = await runCommand(
    'npm',
    ['install', '--no-save', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: projectRoot,
      env: installEnvironment(),
      shell: process.platform === 'win32',
    },
  ).catch((error) => {
    throw new LaunchError(`npm cannot be run: ${error.message}`, { cause: error });
  });
  if (code !== 0)
    throw new LaunchError(`npm install failed with exit code ${code}; its output is above`);
}

function installEnvironment() {
  const prefix = path.resolve(process.execPath, '..', '..');
  const hasHeaders = existsSync(path.join(prefix, 'include', 'node', 'node_api.h'));
  // Headers beside this Node let a native package compile where its prebuilt file cannot be had.
  return hasHeaders ? { npm_config_nodedir: prefix, ...process.env } : process.env;
}
