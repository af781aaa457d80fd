import type { Threshold } from '../../threshold.js';
import type { Contestant } from '../contestant.js';
import { lockstep } from '../contestants/lockstep.js';
import { lockstepMemory } from '../contestants/lockstep-memory.js';
import { CONTESTANTS } from '../contestants.js';
import { find, type Outcome } from '../outcome.js';
import { STALE_SCENARIOS } from '../stale/scenarios.js';

export function staleThresholds(outcomes: readonly Outcome[]): Threshold[] {
  const own = [lockstep, lockstepMemory].flatMap((contestant) => {
    const outcome = find(outcomes, contestant.id);
    return outcome ? neverThresholds(contestant, outcome) : [];
  });
  return [...own, ...peersThresholds(outcomes)];
}

/** A scenario that was not run fails its threshold. */
function neverThresholds(contestant: Contestant, { stale }: Outcome): Threshold[] {
  const concerned = STALE_SCENARIOS.filter((scenario) => scenario.concerns(contestant));
  return concerned.map(({ id }) => ({
    promise: 'no replaced value stays until its TTL ends',
    ...{ contestant: contestant.id, scenario: id },
    measured: stale[id] === undefined ? 'not tried' : `${stale[id]} stayed`,
    passed: stale[id] === 0,
  }));
}

/** Checks that each peer with an L1 fails a scenario: else the scenarios would prove nothing. */
function peersThresholds(outcomes: readonly Outcome[]): Threshold[] {
  const peers = CONTESTANTS.filter(({ kind, hasL1, hasL2 }) => kind === 'peer' && hasL1 && hasL2);
  return peers.flatMap(({ id }) => {
    const stale = find(outcomes, id)?.stale;
    if (!stale) return [];
    const seen = STALE_SCENARIOS.flatMap((scenario) =>
      stale[scenario.id] ? [`${scenario.id} ${stale[scenario.id]}`] : [],
    );
    return {
      promise: 'a peer with an L1 lets some stay',
      ...{ contestant: id, scenario: 'all' },
      measured: seen.join(', ') || 'none',
      passed: seen.length > 0,
    };
  });
}
