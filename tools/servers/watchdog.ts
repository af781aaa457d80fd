import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';

/**
 * Ends the servers and removes the folders of this process once it is gone, also after
 * SIGKILL or a crash, when no handler of its own runs.
 *
 * A process of its own reads a pipe that only this one writes to; the pipe's end is the sign.
 */
class Watchdog {
  private process: ChildProcess | undefined;

  /** `claim` names the leader of a process group, a folder or a file; the same claim is taken back when its owner ended it. */
  claim(claim: Claim): void {
    this.tell({ claim });
  }

  giveUp(claim: Claim): void {
    this.tell({ giveUp: claim });
  }

  private tell(message: WatchdogMessage): void {
    this.process ??= startWatchdog();
    this.process.stdin?.write(`${JSON.stringify(message)}\n`);
  }
}

export type Claim = { readonly pid: number } | { readonly path: string };
export type WatchdogMessage = { readonly claim: Claim } | { readonly giveUp: Claim };

function startWatchdog(): ChildProcess {
  const program = path.join(import.meta.dirname, 'watchdog-process.js');
  // Detached, so that a signal to the terminal's or the caller's group does not end it first.
  const child = spawn(process.execPath, [program], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
  });
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  child.stdin?.on('error', () => undefined);
  return child;
}

export const watchdog = new Watchdog();
