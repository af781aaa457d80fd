import { execFile } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../project-root.js';

const run = promisify(execFile);

/** The archive of the last released version, which the rolling upgrade begins with. */
const RELEASES = path.join(projectRoot, 'test', 'system', 'upgrade', 'releases');

/** Unpacked inside of the project, so that it finds the packages of the project. */
const UNPACKED = path.join(projectRoot, 'dist', 'releases');

/** A built version of the service. */
export interface Release {
  readonly version: string;
  /** Contains `dist/src/main.js` and `package.json`. */
  readonly folder: string;
}

/** Replaces the archive by the build in `dist/`, and returns its path. */
export async function packRelease(version: string): Promise<string> {
  for (const old of await readdir(RELEASES)) await rm(path.join(RELEASES, old));
  const archive = path.join(RELEASES, `lockstep-${version}.tgz`);
  const without = ['--exclude', '*.map', '--exclude', '*.d.ts'];
  await run('tar', ['-czf', archive, ...without, 'package.json', 'dist/src'], { cwd: projectRoot });
  return archive;
}

/** @throws Error there is not exactly one archive */
export async function unpackRelease(): Promise<Release> {
  const [archive = '', ...others] = await readdir(RELEASES);
  const version = /^lockstep-(\d+\.\d+\.\d+)\.tgz$/.exec(archive)?.[1];
  if (!version || others.length > 0) throw new Error(`${RELEASES} must hold one archive`);
  const folder = path.join(UNPACKED, `lockstep-${version}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await run('tar', ['-xzf', path.join(RELEASES, archive), '-C', folder]);
  return { version, folder };
}
