import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../project-root.js';
import { ServerUnavailableError } from '../servers/server.js';
import { installPackage } from '../servers/sources/debian-package.js';

const run = promisify(execFile);
/** A file that the last step of an installation writes. */
const COMPLETE = 'complete';
const REQUIREMENTS = path.join(projectRoot, 'tools', 'schemathesis', 'requirements.txt');

/**
 * Finds Schemathesis (https://schemathesis.io), which makes requests from an OpenAPI document. It is
 * installed once into a Python environment in the user's cache, with the versions of requirements.txt.
 *
 * @throws ServerUnavailableError
 */
export async function findSchemathesis(): Promise<string> {
  const versions = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
  const cache = process.env['XDG_CACHE_HOME'] || path.join(os.homedir(), '.cache');
  const folder = path.join(cache, 'lockstep', `schemathesis-${versions.slice(0, 12)}`);
  const program = path.join(folder, 'bin', 'schemathesis');
  if (!existsSync(path.join(folder, COMPLETE))) await install(folder);
  return program;
}

async function install(folder: string): Promise<void> {
  console.error('installing schemathesis with pip, needed once');
  rmSync(folder, { recursive: true, force: true });
  try {
    await makeEnvironment(folder).catch(async (error: unknown) => {
      rmSync(folder, { recursive: true, force: true });
      if (!(await installPackage('python3 python3-venv'))) throw error;
      await makeEnvironment(folder);
    });
    const pip = path.join(folder, 'bin', 'pip');
    await run(pip, ['install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS]);
  } catch (error) {
    const { stderr, message } = error as Error & { readonly stderr?: string };
    const reason = (stderr || message).trim().split('\n').at(-1);
    throw new ServerUnavailableError(`schemathesis needs Python 3.10 with venv and pip: ${reason}`);
  }
  writeFileSync(path.join(folder, COMPLETE), '');
}

async function makeEnvironment(folder: string): Promise<void> {
  await run('python3', ['-m', 'venv', folder]);
}
