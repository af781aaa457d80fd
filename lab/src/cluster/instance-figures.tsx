import type { ClusterTexts } from '../texts/cluster-texts.js';
import type { ShownInstance } from './cluster-api.js';

interface FiguresProps {
  readonly texts: ClusterTexts;
  readonly state: NonNullable<ShownInstance['state']>;
  readonly answers: number;
  readonly number: (value: number) => string;
}

/** What the metrics of an instance say. */
export function InstanceFigures({ texts, state, answers, number }: FiguresProps) {
  const { invalidations, staleness, lock, queue } = state.figures;
  const meanMs = lock.waits === 0 ? 0 : lock.waitedMs / lock.waits;
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
    ['lock', texts.lockWaits, texts.waited(lock.waits, meanMs.toFixed(1), lock.leasesLost)],
    ['queue', texts.queue, texts.queued(queue.outbox, queue.kafka)],
    ['answers', texts.answers, number(answers)],
  ];
  return (
    <>
      <h4>{texts.figures}</h4>
      <dl class="instance-figures">
        {rows.map(([name, label, value]) => (
          <div key={name} data-figure={name}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
