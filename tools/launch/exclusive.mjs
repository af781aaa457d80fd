import {
  mkdirSync,
  readdirSync,
  rmdirSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LaunchError, say } from './console.mjs';

const HEARTBEAT_MS = 2_000;
/** An owner on another host cannot be checked, so its lock is stale only after a long silence. */
const SILENCE_MS = 60_000;

/**
 * Runs `work` while no other caller does so with this folder, in this process or in another one.
 *
 * The lock is a folder with one file that is named for its owner. To take the lock of a dead owner, a
 * process removes that file. This is atomic: if several processes try, one succeeds.
 */
export async function exclusively(folder, work) {
  const mark = path.join(folder, `${os.hostname()}~${process.pid}`);
  await take(folder, mark);
  const heartbeat = setInterval(() => touch(mark), HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    ignoreMissing(() => unlinkSync(mark));
    ignoreMissing(() => rmdirSync(folder));
  }
}

async function take(folder, mark) {
  let reported = false;
  while (!tryTake(folder, mark)) {
    if (!reported) say('another command is installing or building, waiting for it');
    reported = true;
    removeStale(folder);
    await sleep(50 + Math.random() * 100);
  }
}

function tryTake(folder, mark) {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw new LaunchError(`cannot make a folder as a lock: ${error.message}`, { cause: error });
  }
  return ignoreMissing(() => writeFileSync(mark, '')) && isOnlyMark(folder, mark);
}

/** False when another process removed the folder as stale before this one had marked it. */
function isOnlyMark(folder, mark) {
  const marks = ignoreMissing(() => readdirSync(folder)) || [];
  if (marks.length === 1 && marks[0] === path.basename(mark)) return true;
  ignoreMissing(() => unlinkSync(mark));
  return false;
}

function removeStale(folder) {
  const marks = ignoreMissing(() => readdirSync(folder)) || [];
  for (const name of marks) {
    const mark = path.join(folder, name);
    if (isDead(name, mark)) ignoreMissing(() => unlinkSync(mark));
  }
  if (ageMs(folder) > HEARTBEAT_MS) ignoreMissing(() => rmdirSync(folder));
}

function isDead(name, mark) {
  const [host, pid] = name.split('~');
  if (host !== os.hostname()) return ageMs(mark) > SILENCE_MS;
  try {
    process.kill(Number(pid), 0);
    // Another program may have the process id of a dead owner.
    return ageMs(mark) > SILENCE_MS;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

function ageMs(file) {
  const stats = ignoreMissing(() => statSync(file));
  return stats ? Date.now() - stats.mtimeMs : 0;
}

function touch(mark) {
  const now = new Date();
  ignoreMissing(() => utimesSync(mark, now, now));
}

/** The result of `step` (true when it has none), or false if another process did it first. */
function ignoreMissing(step) {
  try {
    return step() ?? true;
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTEMPTY') return false;
    throw error;
  }
}
