import type { Verdict } from '../../../../tools/invariants/verdict.js';
import type { FuzzRecord } from '../fuzz/fuzz-record.js';
import { accounts } from './accounts.js';
import { deadlines } from './deadlines.js';
import { endings } from './endings.js';
import { exclusion } from './exclusion.js';
import { progress } from './progress.js';
import { leasesOf } from './proven-lease.js';
import { risingTokens } from './rising-tokens.js';

/** The claims that a fuzz run must not break. */
export function judge(record: FuzzRecord): Verdict[] {
  const leases = leasesOf(record);
  return [
    exclusion(leases, record),
    risingTokens(leases, record),
    accounts(record),
    deadlines(record),
    progress(record),
    endings(record),
  ];
}
