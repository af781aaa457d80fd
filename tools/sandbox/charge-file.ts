import { closeSync, existsSync, fsyncSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import type { LedgerCharge } from '../../src/adapters/payment/sandbox/charge-ledger.js';
import { openPrivate } from '../../src/config/settings/private-files.js';

/**
 * The sandbox's ledger on disk: a line of JSON for each change of a charge, only ever appended. A
 * change is on disk before anyone is told of it, so the sandbox may be killed at any time.
 */
export class ChargeFile {
  readonly charges: readonly LedgerCharge[];
  private readonly file: number;

  constructor(path: string) {
    this.charges = existsSync(path) ? readWhole(path) : [];
    this.file = openPrivate(path);
  }

  append(charge: LedgerCharge): void {
    writeSync(this.file, `${JSON.stringify(charge)}\n`);
    fsyncSync(this.file);
  }

  close(): void {
    closeSync(this.file);
  }
}

/** A last line without its end was being written when the sandbox died: nobody was told of it. */
function readWhole(path: string): LedgerCharge[] {
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) truncateSync(path, Buffer.byteLength(whole));
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
