import { type LabExperiment, OWN_RACE } from '../../adapters/http/lab/lab-schemas.js';
import type { Need, Servers } from '../experiment.js';
import {
  cacheExperiments,
  experiments,
  lockExperiments,
  paymentExperiments,
} from '../experiments.js';
import { findRedisServer } from '../support/own-redis.js';

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

/** Undefined: SQLite, and the lock and the cache of one process. */
type Backend = Servers | undefined;

/** What the lab of an instance with these servers shows of each experiment. */
export function labExperiments(backend: Backend): readonly LabExperiment[] {
  return [...experiments.map((experiment) => describe(experiment, backend)), ownRace(backend)];
}

/** Its setting has no default: the page offers some races to begin with. */
function ownRace(backend: Backend): LabExperiment {
  return {
    id: OWN_RACE,
    group: 'lock',
    title: 'Make your own race',
    question: 'In which orders of steps is an update lost?',
    place: backend ? 'servers' : 'embedded',
    needs: [],
    settings: { race: [] },
  };
}

function describe(experiment: Shown, backend: Backend): LabExperiment {
  const { id, title, question } = experiment;
  const needs = missing(experiment, backend);
  const where = backend ? 'servers' : 'embedded';
  const settings = { ...SETTINGS[id], ...strategy(id, backend) };
  const runsAt = needs.length === 0 ? ({ place: where } as const) : {};
  return { id, group: groupOf(experiment), title, question, needs, settings, ...runsAt };
}

function missing({ needs, runEmbedded }: Shown, backend: Backend): LabExperiment['needs'] {
  const own = needs && !has(needs, backend) ? [needs] : [];
  return backend || runEmbedded ? own : ['servers', ...own];
}

function has(need: Need, backend: Backend): boolean {
  if (need === 'kafka') return backend?.kafkaBrokers !== undefined;
  // The lab starts one for the run. It never stops a server that others use.
  return findRedisServer() !== undefined;
}

function strategy(id: string, backend: Backend): Settings {
  return backend && WITH_STRATEGY.includes(id) ? { strategy: 'pubsub' } : {};
}

function groupOf(experiment: Shown): LabExperiment['group'] {
  const isIn = (group: readonly { readonly id: string }[]) =>
    group.some(({ id }) => id === experiment.id);
  if (isIn(lockExperiments)) return 'lock';
  if (isIn(cacheExperiments)) return 'cache';
  return isIn(paymentExperiments) ? 'payment' : 'queue';
}
