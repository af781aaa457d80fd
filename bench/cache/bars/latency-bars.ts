import { median } from '../../statistics.js';
import type { Threshold } from '../../threshold.js';
import { lockstep } from '../contestants/lockstep.js';
import { CONTESTANTS } from '../contestants.js';
import type { Latency } from '../figures/latency.js';
import { find, type Outcome } from '../outcome.js';

export function latencyBars(outcomes: readonly Outcome[]): Threshold[] {
  const own = find(outcomes, lockstep.id);
  return own ? (['p50', 'p99'] as const).flatMap((figure) => ahead(own, outcomes, figure)) : [];
}

/** Returns no threshold when no peer was measured, since there is nothing to compare with. */
function ahead(own: Outcome, outcomes: readonly Outcome[], figure: keyof Latency): Threshold[] {
  const peer = bestPeer(outcomes, figure);
  return peer ? [latencyBar(own, peer, figure)] : [];
}

function latencyBar(own: Outcome, peer: Outcome, figure: keyof Latency): Threshold {
  const measured = middle(own, figure);
  const than = `${middle(peer, figure).toFixed(2)} ms of ${peer.contestant}`;
  return {
    promise: `no longer than the best peer with an L1, ${figure}`,
    ...{ contestant: own.contestant, scenario: 'invalidation' },
    measured: `${measured.toFixed(2)} ms, against ${than}`,
    passed: measured <= middle(peer, figure),
  };
}

function bestPeer(outcomes: readonly Outcome[], figure: keyof Latency): Outcome | undefined {
  return CONTESTANTS.filter(({ kind, hasL1 }) => kind === 'peer' && hasL1)
    .flatMap(({ id }) => find(outcomes, id) ?? [])
    .filter(({ latency }) => latency.length > 0)
    .sort((a, b) => middle(a, figure) - middle(b, figure))[0];
}

function middle({ latency }: Outcome, figure: keyof Latency): number {
  return median(latency.map((round) => round[figure]));
}
