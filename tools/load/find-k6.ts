import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findExecutable } from '../../src/experiments/support/find-executable.js';
import { LoadError } from './load-options.js';

const VERSION = '1.8.1';
const IMAGE = `grafana/k6:${VERSION}`;
const PULL_TIMEOUT_MS = 3 * 60_000;
const BUILD_TIMEOUT_MS = 15 * 60_000;

/** How k6 is run: a program, and the arguments before k6's own. */
export interface K6 {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * Finds the first of: the k6 on the PATH, one that was built before, a container, or one that is built
 * now as a Go module into the user's cache. k6 reads and writes `folders`.
 *
 * @throws LoadError
 */
export function findK6(folders: readonly string[]): K6 {
  const installed = findExecutable('k6') ?? builtBefore();
  if (installed) return { command: installed, args: [] };
  return inDocker(folders) ?? { command: build(), args: [] };
}

function cacheFolder(): string {
  const cache = process.env['XDG_CACHE_HOME'] || path.join(os.homedir(), '.cache');
  return path.join(cache, 'lockstep', `k6-v${VERSION}`);
}

function builtBefore(): string | undefined {
  const program = path.join(cacheFolder(), 'k6');
  return existsSync(program) ? program : undefined;
}

function inDocker(folders: readonly string[]): K6 | undefined {
  if (!hasImage()) return undefined;
  const mounts = folders.flatMap((folder) => ['--volume', `${folder}:${folder}`]);
  const user = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  const own = ['--rm', '--network', 'host', '--user', user, ...mounts];
  return { command: 'docker', args: ['run', ...own, IMAGE] };
}

/** A Docker engine helps only if it has the image or can fetch it. */
function hasImage(): boolean {
  const docker = (args: readonly string[], timeout: number) =>
    spawnSync('docker', args, { stdio: 'ignore', timeout }).status === 0;
  return (
    docker(['info'], 5_000) &&
    (docker(['image', 'inspect', IMAGE], 5_000) || docker(['pull', IMAGE], PULL_TIMEOUT_MS))
  );
}

function build(): string {
  const go = findExecutable('go');
  if (!go) throw new LoadError('k6 is needed: install it, start Docker, or install Go to build it');
  const folder = cacheFolder();
  mkdirSync(folder, { recursive: true });
  console.error(`building k6 ${VERSION} into ${folder}, needed once (some minutes)`);
  const built = spawnSync(go, ['install', `go.k6.io/k6@v${VERSION}`], {
    stdio: ['ignore', 2, 2],
    timeout: BUILD_TIMEOUT_MS,
    env: { ...process.env, GOBIN: folder, CGO_ENABLED: '0' },
  });
  if (built.status !== 0) throw new LoadError('k6 could not be built; the reason is above');
  return path.join(folder, 'k6');
}
