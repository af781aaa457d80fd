import { type Ratio, ratioOf, showRatio } from '../../ratio.js';
import type { Threshold } from '../../threshold.js';
import { lockstep } from '../contestants/lockstep.js';
import { CONTESTANTS } from '../contestants.js';
import type { Latency } from '../figures/latency.js';
import { find, type Outcome } from '../outcome.js';

export function latencyThresholds(outcomes: readonly Outcome[]): Threshold[] {
  const own = find(outcomes, lockstep.id);
  return own ? (['p50', 'p99'] as const).flatMap((figure) => ahead(own, outcomes, figure)) : [];
}

/** Returns no threshold when no peer was measured, since there is nothing to compare with. */
function ahead(own: Outcome, outcomes: readonly Outcome[], figure: keyof Latency): Threshold[] {
  const peers = CONTESTANTS.filter(({ kind, hasL1 }) => kind === 'peer' && hasL1)
    .flatMap(({ id }) => find(outcomes, id) ?? [])
    .filter(({ latency }) => latency.length > 0)
    .map((peer) => ({ peer, ratio: ratioOf(valuesOf(own, figure), valuesOf(peer, figure)) }));
  const [best] = peers.sort((a, b) => rank(b.ratio) - rank(a.ratio));
  return best ? [latencyThreshold(own, best.peer, best.ratio, figure)] : [];
}

/** A ratio of two writes that were never seen is no number. It must not hide behind other peers. */
function rank({ median }: Ratio): number {
  return Number.isNaN(median) ? Number.POSITIVE_INFINITY : median;
}

function latencyThreshold(
  own: Outcome,
  peer: Outcome,
  ratio: Ratio,
  figure: keyof Latency,
): Threshold {
  return {
    promise: `no longer than the best peer with an L1, ${figure}`,
    ...{ contestant: own.contestant, scenario: 'invalidation' },
    measured: `${showRatio(ratio)} of ${peer.contestant}`,
    passed: ratio.median <= 1,
  };
}

function valuesOf({ latency }: Outcome, figure: keyof Latency): number[] {
  return latency.map((round) => round[figure]);
}
