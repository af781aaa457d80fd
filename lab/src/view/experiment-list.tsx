import { useEffect, useRef } from 'preact/hooks';
import type { Experiment } from '../api.js';
import type { Group, Texts } from '../texts/texts.js';

interface ListProps {
  readonly texts: Texts;
  readonly experiments: readonly Experiment[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}

export function ExperimentList({ texts, experiments, chosen, onChoose }: ListProps) {
  const groups = Map.groupBy(experiments, ({ group }) => group);
  const current = useRef<HTMLButtonElement>(null);
  // On a narrow window the list scrolls sideways.
  useEffect(
    () => current.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' }),
    [chosen],
  );
  return (
    <nav aria-label={texts.list}>
      {[...groups].map(([group, own]) => (
        <section key={group}>
          <h2>{texts.groups[group as Group]}</h2>
          <ul>
            {own.map((experiment) => (
              <li key={experiment.id}>
                <button
                  type="button"
                  ref={experiment.id === chosen ? current : null}
                  aria-current={experiment.id === chosen ? 'true' : undefined}
                  onClick={() => onChoose(experiment.id)}
                >
                  {titleOf(experiment, texts)}
                  {!experiment.place && <span class="tag">{tagOf(experiment)}</span>}
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}

/** A new experiment has its English title until the texts name it. */
export function titleOf({ id, title }: Experiment, texts: Texts): string {
  return texts.experiments[id]?.title ?? title;
}

function tagOf({ needs }: Experiment): string {
  return needs.includes('kafka') ? 'Kafka' : 'Redis';
}
