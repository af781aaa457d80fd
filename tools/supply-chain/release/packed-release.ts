import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../project-root.js';
import { makeSbom } from '../sbom/make-sbom.js';

const run = promisify(execFile);

/** The archive of the last released version, which the rolling upgrade begins with, and its SBOM. */
const RELEASES = path.join(projectRoot, 'test', 'system', 'upgrade', 'releases');

/** Unpacked inside of the project, so that it finds the packages of the project. */
const UNPACKED = path.join(projectRoot, 'dist', 'releases');

/** A built version of the service. */
export interface Release {
  readonly version: string;
  /** Contains `dist/src/main.js` and `package.json`. */
  readonly folder: string;
}

/**
 * Replaces the archive in `folder` by the build in `dist/`, and the SBOM beside it by that of the current
 * package-lock.json.
 *
 * @returns the paths of the archive and its SBOM
 */
export async function packRelease(version: string, folder = RELEASES): Promise<string[]> {
  for (const old of await readdir(folder)) await rm(path.join(folder, old));
  const archive = path.join(folder, `lockstep-${version}.tgz`);
  const sbom = path.join(folder, `lockstep-${version}.cdx.json`);
  const without = ['--exclude', '*.map', '--exclude', '*.d.ts'];
  await run('tar', ['-czf', archive, ...without, 'package.json', 'dist/src'], { cwd: projectRoot });
  await writeFile(sbom, makeSbom(projectRoot));
  return [archive, sbom];
}

/** @throws Error there is not exactly one archive */
export async function unpackRelease(): Promise<Release> {
  const files = await readdir(RELEASES);
  const [archive = '', ...others] = files.filter((file) => file.endsWith('.tgz'));
  const version = /^lockstep-(\d+\.\d+\.\d+)\.tgz$/.exec(archive)?.[1];
  if (!version || others.length > 0) throw new Error(`${RELEASES} must hold one archive`);
  const folder = path.join(UNPACKED, `lockstep-${version}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await run('tar', ['-xzf', path.join(RELEASES, archive), '-C', folder]);
  return { version, folder };
}
