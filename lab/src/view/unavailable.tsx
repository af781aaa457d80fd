import type { Experiment } from '../api.js';
import type { Need, Texts } from '../texts/texts.js';

interface UnavailableProps {
  readonly texts: Texts;
  readonly experiment: Experiment;
}

const COMMANDS: Readonly<Record<Exclude<Need, 'a Redis to stop'>, string>> = {
  servers: 'npm run cluster -- --without-kafka',
  kafka: 'npm run cluster',
};

/** What is missing, and the command that has it. */
export function Unavailable({ texts, experiment }: UnavailableProps) {
  const [first] = experiment.needs.toSorted((a, b) => rank(a) - rank(b));
  const inTerminal = `npm run experiment -- ${experiment.id}`;
  return (
    <section class="unavailable">
      <p>
        <strong>{texts.unavailable}</strong> {first && texts.needs[first]}
      </p>
      {first && first !== 'a Redis to stop' && (
        <>
          <pre>{COMMANDS[first]}</pre>
          <p>{texts.fromTerminal}</p>
        </>
      )}
      <pre>{inTerminal}</pre>
    </section>
  );
}

/** The need that is hardest to meet comes first. */
function rank(need: Need): number {
  return ['a Redis to stop', 'kafka', 'servers'].indexOf(need);
}
