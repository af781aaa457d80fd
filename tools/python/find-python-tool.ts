import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { exclusively } from '../launch/exclusive.mjs';
import { projectRoot } from '../project-root.js';
import { ServerUnavailableError } from '../servers/server.js';
import { installPackage } from '../servers/sources/debian-package.js';

const run = promisify(execFile);
/** A file that the last step of an installation writes. */
const COMPLETE = 'complete';

/**
 * A program that is written in Python: Schemathesis (https://schemathesis.io) makes requests from an
 * OpenAPI document, kubernetes-validate (https://github.com/willthames/kubernetes-validate) carries the
 * schemas of Kubernetes.
 */
export type PythonTool = 'schemathesis' | 'kubernetes-validate';

/**
 * Finds the program. It is installed once into a Python environment in the user's cache, with the
 * versions of its file in this folder. Callers that come during the installation wait for it.
 *
 * @throws ServerUnavailableError
 */
export async function findPythonTool(tool: PythonTool): Promise<string> {
  const requirements = path.join(projectRoot, 'tools', 'python', `${tool}.txt`);
  const versions = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  const cache = process.env['XDG_CACHE_HOME'] || path.join(os.homedir(), '.cache');
  const folder = path.join(cache, 'lockstep', `${tool}-${versions.slice(0, 12)}`);
  const isInstalled = () => existsSync(path.join(folder, COMPLETE));
  if (!isInstalled()) {
    mkdirSync(path.dirname(folder), { recursive: true });
    await exclusively(`${folder}.lock`, async () => {
      if (!isInstalled()) await install(tool, folder, requirements);
    });
  }
  return path.join(folder, 'bin', tool);
}

async function install(tool: PythonTool, folder: string, requirements: string): Promise<void> {
  console.error(`installing ${tool} with pip, needed once`);
  rmSync(folder, { recursive: true, force: true });
  try {
    await makeEnvironment(folder).catch(async (error: unknown) => {
      rmSync(folder, { recursive: true, force: true });
      if (!(await installPackage('python3 python3-venv'))) throw error;
      await makeEnvironment(folder);
    });
    const pip = path.join(folder, 'bin', 'pip');
    await run(pip, ['install', '--quiet', '--disable-pip-version-check', '-r', requirements]);
  } catch (error) {
    const { stderr, message } = error as Error & { readonly stderr?: string };
    const reason = (stderr || message).trim().split('\n').at(-1);
    throw new ServerUnavailableError(`${tool} needs Python 3.10 with venv and pip: ${reason}`);
  }
  writeFileSync(path.join(folder, COMPLETE), '');
}

async function makeEnvironment(folder: string): Promise<void> {
  await run('python3', ['-m', 'venv', folder]);
}
