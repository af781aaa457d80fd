import { execFile } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { findExecutable } from '../../../src/experiments/support/find-executable.js';
import { exclusively } from '../../launch/exclusive.mjs';
import { watchdog } from '../processes/watchdog.js';

const run = promisify(execFile);
const POLICY = '/usr/sbin/policy-rc.d';
const LOCK_TIMEOUT = ['-o', 'DPkg::Lock::Timeout=300'];

/**
 * Only one apt-get can run at a time. With a second one, the first would allow services again while the
 * other still installs.
 */
const LOCK = path.join(os.tmpdir(), 'lockstep-apt-get.lock');

/** Installs Debian or Ubuntu packages, separated by blanks; returns false if that fails. */
export async function installPackage(name: string): Promise<boolean> {
  const aptGet = findExecutable('apt-get');
  if (!aptGet || process.getuid?.() !== 0) return false;
  return exclusively(LOCK, () => installNow(aptGet, name));
}

async function installNow(aptGet: string, name: string): Promise<boolean> {
  process.stderr.write(`installing ${name} by apt-get, needed once\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const allowServices = forbidServices();
  const install = [
    ...['install', '-y', '--no-install-recommends', ...LOCK_TIMEOUT],
    ...name.split(' '),
  ];
  const tryOnce = () => run(aptGet, install, { env, maxBuffer: Number.POSITIVE_INFINITY });
  try {
    await tryOnce().catch(async () => {
      // The lists of packages may be missing or too old. Without new ones the reason is the same again.
      await run(aptGet, ['update', ...LOCK_TIMEOUT], { env }).catch(() => undefined);
      await tryOnce();
    });
    return true;
  } catch (error) {
    process.stderr.write(`apt-get could not install ${name}: ${lastLine(error)}\n`);
    return false;
  } finally {
    allowServices();
  }
}

/** Stops packages from starting a server on its usual port; returns a function that undoes this. */
function forbidServices(): () => void {
  if (existsSync(POLICY)) return () => undefined;
  watchdog.claim({ path: POLICY });
  writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  return () => {
    rmSync(POLICY, { force: true });
    watchdog.giveUp({ path: POLICY });
  };
}

function lastLine(error: unknown): string {
  const { stderr, message } = error as Error & { stderr?: string };
  return (stderr || message).trim().split('\n').at(-1) ?? message;
}
