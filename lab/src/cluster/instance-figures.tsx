import type { ClusterTexts } from '../texts/cluster-texts.js';
import { type ShownInstance, SNAPSHOTS_A_SECOND } from './cluster-api.js';

/** Time over which waits for locks are counted, in seconds. */
const RECENT_S = 10;

interface FiguresProps {
  readonly texts: ClusterTexts;
  readonly instance: ShownInstance;
  /** The latest snapshots of this instance, the oldest first. */
  readonly history: readonly ShownInstance[];
  readonly number: (value: number) => string;
}

/** What the metrics of an instance say. */
export function InstanceFigures({ texts, instance, history, number }: FiguresProps) {
  const { state, answers } = instance;
  if (!state) return undefined;
  const { invalidations, staleness, lock, queue } = state.figures;
  const recent = history.slice(-RECENT_S * SNAPSHOTS_A_SECOND);
  const before = recent.find((shown) => shown.state)?.state?.figures.lock ?? lock;
  const waits = lock.waits - before.waits;
  const meanMs = waits === 0 ? 0 : (lock.waitedMs - before.waitedMs) / waits;
  const rows: readonly (readonly [name: string, label: string, value: string])[] = [
    [
      'invalidations',
      texts.invalidations,
      texts.invalidated(invalidations.byMessage, invalidations.byComparison),
    ],
    [
      'monitor',
      texts.monitor,
      texts.monitored(staleness.samples, staleness.stale, staleness.atMostMs),
    ],
    ['lock', texts.lockWaits(RECENT_S), texts.waited(waits, meanMs.toFixed(1), lock.leasesLost)],
    ['queue', texts.queue, texts.queued(queue.outbox, queue.kafka)],
    ['answers', texts.answers, number(answers)],
  ];
  return (
    <dl class="instance-figures">
      {rows.map(([name, label, value]) => (
        <div key={name} data-figure={name}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
