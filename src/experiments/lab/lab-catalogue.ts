import { type LabExperiment, OWN_RACE } from '../../adapters/http/lab/lab-schemas.js';
import { isEmbedded, type Place } from '../experiment.js';
import {
  cacheExperiments,
  experiments,
  lockExperiments,
  paymentExperiments,
} from '../experiments.js';

type Shown = (typeof experiments)[number];
type Settings = LabExperiment['settings'];

const CHARGES: Settings = { requests: 3, holdMs: 200 };

/** The settings of each experiment that has settings, with their default values. */
const SETTINGS: Readonly<Record<string, Settings>> = {
  'no-lock': CHARGES,
  'transaction-before-lock': CHARGES,
  'release-before-commit': CHARGES,
  'right-order': CHARGES,
  'feature-named-keys': { holdMs: 200 },
  'ways-of-waiting': { requests: 6 },
};

/** The experiments that use a lock in Redis and can wait for it in another way. */
const WITH_STRATEGY = [
  'transaction-before-lock',
  'release-before-commit',
  'right-order',
  'feature-named-keys',
];

/** What the lab of this instance shows of each experiment. */
export function labExperiments(place: Place): readonly LabExperiment[] {
  return [...experiments.map((experiment) => describe(experiment, place)), ownRace(place)];
}

/** Its setting has no default: the page offers some races to begin with. */
function ownRace(place: Place): LabExperiment {
  return {
    id: OWN_RACE,
    group: 'lock',
    title: 'Make your own race',
    question: 'In which orders of steps is an update lost?',
    place: isEmbedded(place) ? 'embedded' : 'servers',
    needs: [],
    settings: { race: [] },
  };
}

function describe(experiment: Shown, place: Place): LabExperiment {
  const { id, title, question } = experiment;
  const needs = missing(experiment, place);
  const where = isEmbedded(place) ? 'embedded' : 'servers';
  const settings = { ...SETTINGS[id], ...strategy(id, place) };
  const runsAt = needs.length === 0 ? ({ place: where } as const) : {};
  return { id, group: groupOf(experiment), title, question, needs, settings, ...runsAt };
}

function missing({ needs, runEmbedded }: Shown, place: Place): LabExperiment['needs'] {
  // The lab never stops a server that others use.
  const stop = needs === 'a Redis to stop' ? [needs] : [];
  if (isEmbedded(place)) return runEmbedded ? [] : ['servers', ...(needs ? [needs] : [])];
  return needs === 'kafka' && !place.kafkaBrokers ? ['kafka'] : stop;
}

function strategy(id: string, place: Place): Settings {
  return isEmbedded(place) || !WITH_STRATEGY.includes(id) ? {} : { strategy: 'pubsub' };
}

function groupOf(experiment: Shown): LabExperiment['group'] {
  const isIn = (group: readonly { readonly id: string }[]) =>
    group.some(({ id }) => id === experiment.id);
  if (isIn(lockExperiments)) return 'lock';
  if (isIn(cacheExperiments)) return 'cache';
  return isIn(paymentExperiments) ? 'payment' : 'queue';
}
