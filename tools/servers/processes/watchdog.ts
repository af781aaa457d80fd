import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';

/**
 * Ends the servers and removes the folders of this process after its end, also after SIGKILL or a
 * crash, when no handler runs.
 *
 * A second process reads a pipe that only this process writes to; the end of the pipe is the signal.
 */
class Watchdog {
  private process: ChildProcess | undefined;

  /** `claim` names the leader of a process group, a folder or a file. Withdraw it after its end. */
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
