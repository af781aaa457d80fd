import { readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Claim, WatchdogMessage } from './watchdog.js';

/** The program of `Watchdog`: it reads claims, and cleans up those that are left at the end. */
const claims = new Map<string, Claim & { startTime?: string | undefined }>();

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line) as WatchdogMessage;
  if ('claim' in message) claims.set(keyOf(message.claim), withStartTime(message.claim));
  else claims.delete(keyOf(message.giveUp));
}

// Processes first: a server that still writes would create its folder again.
for (const claim of claims.values()) if ('pid' in claim) end(claim.pid, claim.startTime);
for (const claim of claims.values()) if ('path' in claim) remove(claim.path);

function keyOf(claim: Claim): string {
  return JSON.stringify(claim);
}

function withStartTime(claim: Claim) {
  return 'pid' in claim ? { ...claim, startTime: startTimeOf(claim.pid) } : claim;
}

/** Distinguishes a process from a later one with the same number, if /proc shows it. */
function startTimeOf(pid: number): string | undefined {
  try {
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1);
    return afterName?.split(' ')[19];
  } catch {
    return undefined;
  }
}

function end(pid: number, startTime: string | undefined): void {
  if (startTimeOf(pid) !== startTime) return;
  try {
    // The whole process group, with all children.
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}
