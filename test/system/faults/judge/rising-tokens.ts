import { type Verdict, verdictOf } from '../../../../tools/invariants/verdict.js';
import type { FuzzRecord } from '../fuzz/fuzz-record.js';
import { describeLease, isExcused, type ProvenLease } from './proven-lease.js';

/**
 * A later holder of a key has a greater token, also after Redis lost its data. A lease from before
 * such a loss is not compared, because a stopped process may continue with it after later holders.
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
