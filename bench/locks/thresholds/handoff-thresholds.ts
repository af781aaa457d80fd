import type { Threshold } from '../../threshold.js';
import { lockstepCohort } from '../contestants/lockstep-cohort.js';
import { CONTESTANTS } from '../contestants.js';
import { PING_PONG } from '../plan.js';
import { find, type Summary } from '../report/summary.js';
import { lockstepIn, STEADY } from './lockstep-summaries.js';

const MOST_WITHIN_MS = 0.1;

export function handoffThresholds(summaries: readonly Summary[]): Threshold[] {
  return [
    ...lockstepIn(summaries, STEADY)
      .filter(({ contestant }) => contestant === lockstepCohort.id)
      .map(withinThreshold),
    // Only the ping-pong scenario counts. With more waiters, a peer passes the lock to the other process
    // only when that process happens to ask first, so its slow handoffs do not occur.
    ...lockstepIn(summaries, [PING_PONG]).flatMap((own) =>
      betweenThresholds(own, fastestPeer(summaries)),
    ),
  ];
}

function withinThreshold({ contestant, scenario, handoffWithinP50 }: Summary): Threshold {
  return {
    promise: `handoff within a process under ${MOST_WITHIN_MS} ms p50`,
    ...{ contestant, scenario },
    measured: `${handoffWithinP50.toFixed(3)} ms`,
    passed: handoffWithinP50 < MOST_WITHIN_MS,
  };
}

/** Returns no threshold when no peer was measured, since there is nothing to compare with. */
function betweenThresholds(own: Summary, peer: Summary | undefined): Threshold[] {
  if (!peer) return [];
  const than = `${peer.handoffBetweenP50.toFixed(3)} ms of ${peer.contestant}`;
  return [
    {
      promise: 'handoff between processes ahead of every peer, p50',
      ...{ contestant: own.contestant, scenario: own.scenario },
      measured: `${own.handoffBetweenP50.toFixed(3)} ms, against ${than}`,
      passed: own.handoffBetweenP50 < peer.handoffBetweenP50,
    },
  ];
}

function fastestPeer(summaries: readonly Summary[]): Summary | undefined {
  return CONTESTANTS.filter(({ kind }) => kind === 'peer')
    .flatMap(({ id }) => find(summaries, id, PING_PONG.id) ?? [])
    .filter(({ handoffBetweenP50 }) => !Number.isNaN(handoffBetweenP50))
    .sort((a, b) => a.handoffBetweenP50 - b.handoffBetweenP50)[0];
}
