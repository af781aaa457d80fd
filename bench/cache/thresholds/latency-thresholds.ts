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
  const [best] = peers.sort((a, b) => b.ratio.median - a.ratio.median);
  return best ? [latencyThreshold(own, best.peer, best.ratio, figure)] : [];
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
    // A write that was never seen makes a turn infinite. A median would hide it.
    passed: ratio.median <= 1 && valuesOf(own, figure).every(Number.isFinite),
  };
}

function valuesOf({ latency }: Outcome, figure: keyof Latency): number[] {
  return latency.map((turn) => turn[figure]);
}
