import { type Verdict, verdictOf } from '../../../../tools/invariants/verdict.js';
import type { FuzzRecord, Ledger, ProcessRecord } from '../fuzz/fuzz-record.js';

/**
 * Compares the database with the logs of the processes. Acknowledged updates are in it, and refused
 * ones are not. Any other update was in progress in a killed process, or its answer was lost.
 * Balance and version of a wallet must agree with its entries, so a lost update shows here.
 */
export function accounts({ processes, ledger }: FuzzRecord): Verdict {
  const broken = [
    ...lostUpdates(ledger),
    ...processes.flatMap((process) => misstated(process, ledger)),
  ];
  const units = processes.flatMap(unitsOf).length;
  return verdictOf('no update lost or invented', units, broken);
}

function lostUpdates({ wallets, entries }: Ledger): string[] {
  const counts = Map.groupBy(entries, ({ userId }) => userId);
  return wallets.flatMap(({ userId, balance, version }) => {
    const count = counts.get(userId)?.length ?? 0;
    if (Number(balance) === count && Number(version) === count) return [];
    return [`${userId} has ${balance} points at version ${version} by ${count} entries`];
  });
}

function misstated(process: ProcessRecord, { entries }: Ledger): string[] {
  const present = new Set(entries.map(({ id }) => id));
  const { name, wasKilled } = process;
  return unitsOf(process).flatMap(({ ids, said }) => {
    const found = ids.filter((id) => present.has(id)).length;
    const counts = {
      yes: [ids.length],
      no: [0],
      perhaps: [0, ids.length],
      nothing: [0, ids.length],
    };
    if (said === 'nothing' && !wasKilled) return [`process ${name}: a unit never ended`];
    if (counts[said].includes(found)) return [];
    return [`process ${name}: committed ${said}, ${found} of ${ids.length} entries are there`];
  });
}

interface Unit {
  readonly ids: readonly string[];
  /** Whether it was committed, as the process itself logged it. */
  said: 'yes' | 'no' | 'perhaps' | 'nothing';
}

function unitsOf({ events }: ProcessRecord): readonly Unit[] {
  const units = new Map<number, Unit>();
  for (const event of events) {
    if (event.event === 'begun') units.set(event.unit, { ids: event.entries, said: 'nothing' });
    if (event.event !== 'committed' && event.event !== 'failed') continue;
    const unit = units.get(event.unit);
    if (unit) unit.said = event.event === 'committed' ? 'yes' : event.committed;
  }
  return [...units.values()];
}
