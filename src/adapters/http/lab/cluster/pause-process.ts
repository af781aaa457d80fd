import { spawn } from 'node:child_process';

/** A container ignores a stop of its first process; Windows has no such signal. */
export const canPause = process.pid !== 1 && process.platform !== 'win32';

const SCRIPT = 'kill -STOP "$1"; sleep "$2"; kill -CONT "$1"';

/**
 * Stops this process as a whole (SIGSTOP) for this many seconds. Another process resumes it, in a group of
 * its own: it also does so when everything else of the cluster has ended.
 */
export function pauseThisProcess(seconds: number): void {
  const args = ['-c', SCRIPT, 'pause', String(process.pid), String(Math.ceil(seconds))];
  const child = spawn('/bin/sh', args, {
    detached: true,
    stdio: 'ignore',
    // The secrets of this process are of no use there.
    env: { PATH: process.env['PATH'] },
  });
  // Without a shell nothing is paused, which the page shows.
  child.on('error', () => {});
  child.unref();
}
