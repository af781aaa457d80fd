import { type Verdict, verdictOf } from '../../../../tools/invariants/verdict.js';
import type { FuzzRecord } from '../fuzz/fuzz-record.js';
import { describeLease, isExcused, type ProvenLease } from './proven-lease.js';

/**
 * No two processes hold a key at once, except for the length of one lease after Redis lost its
 * data. Then an old lease may overlap a new one, and only the database decides between them.
 */
export function exclusion(
  leases: ReadonlyMap<string, readonly ProvenLease[]>,
  record: FuzzRecord,
): Verdict {
  const broken = [...leases].flatMap(([key, ofKey]) => overlaps(ofKey, record, key));
  const seen = [...leases.values()].flat().length;
  return verdictOf('no two unexpired holders of a key', seen, broken);
}

function overlaps(leases: readonly ProvenLease[], record: FuzzRecord, key: string): string[] {
  const broken: string[] = [];
  let open: ProvenLease[] = [];
  for (const lease of leases) {
    open = open.filter(({ to }) => to > lease.from);
    for (const earlier of open) {
      const both = { from: lease.from, to: Math.min(earlier.to, lease.to) };
      if (isExcused(both, record)) continue;
      broken.push(`${key}: ${describeLease(earlier)} and ${describeLease(lease)}`);
    }
    open.push(lease);
  }
  return broken;
}
