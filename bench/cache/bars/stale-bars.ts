import type { Bar } from '../../bar.js';
import { lockstep } from '../contestants/lockstep.js';
import { lockstepMemory } from '../contestants/lockstep-memory.js';
import { CONTESTANTS } from '../contestants.js';
import { find, type Outcome } from '../outcome.js';
import { STALE_SCENARIOS } from '../stale/scenarios.js';

export function staleBars(outcomes: readonly Outcome[]): Bar[] {
  const own = [lockstep, lockstepMemory].flatMap(({ id }) => find(outcomes, id) ?? []);
  return [...own.flatMap(neverBars), ...peersBars(outcomes)];
}

function neverBars({ contestant, stale }: Outcome): Bar[] {
  return Object.entries(stale).map(([scenario, count]) => ({
    promise: 'no replaced value stays until its TTL ends',
    ...{ contestant, scenario },
    measured: `${count} stayed`,
    passed: count === 0,
  }));
}

/** The scenarios are worth something only where they do happen to others. */
function peersBars(outcomes: readonly Outcome[]): Bar[] {
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
