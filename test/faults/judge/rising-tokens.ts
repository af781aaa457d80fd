import { type Verdict, verdictOf } from '../../../tools/invariants/verdict.js';
import type { FuzzRecord } from '../fuzz/fuzz-record.js';
import { describeLease, isExcused, type ProvenLease } from './proven-lease.js';

/**
 * Whoever holds a key after another has the greater token, also after Redis lost its data. Not
 * compared is a lease that may be left over from before such a loss, since a process that was
 * stopped may find it after its successors came and went.
 */
export function risingTokens(
  leases: ReadonlyMap<string, readonly ProvenLease[]>,
  record: FuzzRecord,
): Verdict {
  const broken = [...leases].flatMap(([key, ofKey]) => falls(ofKey, record, key));
  const seen = [...leases.values()].flat().length;
  return verdictOf('fencing tokens rise', seen, broken);
}

function falls(leases: readonly ProvenLease[], record: FuzzRecord, key: string): string[] {
  const broken: string[] = [];
  const byEnd = leases.toSorted((a, b) => a.to - b.to);
  let ended = 0;
  let greatest: ProvenLease | undefined;
  for (const lease of leases) {
    for (let next = byEnd[ended]; next && next.to < lease.from; next = byEnd[++ended]) {
      if (!greatest || next.token > greatest.token) greatest = next;
    }
    const isLeftOver = isExcused({ from: lease.from, to: lease.from }, record);
    if (greatest && greatest.token >= lease.token && !isLeftOver) {
      broken.push(`${key}: ${describeLease(lease)} after ${describeLease(greatest)}`);
    }
  }
  return broken;
}
