import { closeSync, existsSync, fsyncSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import type { LedgerCharge } from '../../../src/adapters/payment/sandbox/charge-ledger.js';
import { openPrivate } from '../../../src/config/settings/files/private-files.js';

/**
 * The ledger file of the sandbox: one line of JSON for each change of a charge. Lines are only
 * appended, and a change is on disk before its response is sent, so the sandbox may be killed at any
 * time.
 */
export class ChargeFile {
  readonly charges: readonly LedgerCharge[];
  readonly #file: number;

  constructor(path: string) {
    this.charges = existsSync(path) ? readWhole(path) : [];
    this.#file = openPrivate(path);
  }

  append(charge: LedgerCharge): void {
    writeSync(this.#file, `${JSON.stringify(charge)}\n`);
    fsyncSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Drops a last line without a line end: the sandbox was killed before it sent the response. */
function readWhole(path: string): LedgerCharge[] {
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) truncateSync(path, Buffer.byteLength(whole));
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
