/** The command `npm run faults`: breaks real servers and reports which claims hold. */
import { randomInt } from 'node:crypto';
import { type CommandUsage, UsageError } from '../../../src/commands/command-line.js';
import { runCommand } from '../../../src/commands/run-command.js';
import { scenarios } from './scenarios/scenarios.js';
import type { FaultScenario } from './support/fault-scenario.js';
import { details, hasHeld, summary, type Tried } from './support/summary.js';

const known = scenarios.map(({ name }) => name);
const inDocker = scenarios.filter(({ runsInDocker }) => runsInDocker).map(({ name }) => name);

const USAGE = {
  command: 'npm run faults',
  synopsis: '[NAME...] [--seconds N] [--seed N] [--rate N] [--docker]',
  does: `Breaks real servers and processes under load, and reports which claims held. Faults, all by default:
${known.map((name) => `  ${name}`).join('\n')}`,
  takesWords: true,
  options: {
    seconds: { type: 'string', value: 'N', says: 'duration of each; each has its default' },
    rate: {
      type: 'string',
      value: 'N',
      says: 'requests per second of `replicated` (200 by default) or of a cluster',
    },
    docker: {
      type: 'boolean',
      says: `breaks docker/compose.yml; by default with ${inDocker.join(', ')}`,
    },
    seed: { type: 'string', value: 'N', says: 'repeats the choices of an earlier run' },
  },
  examples: ['', 'cluster-redis card-saga --seed 2026'],
} as const satisfies CommandUsage;

interface Faults {
  readonly names: readonly string[];
  readonly seconds: number | undefined;
  readonly seed: number;
  readonly rate: number | undefined;
  readonly inDocker: boolean;
}

await runCommand(USAGE, async ({ words: names, values }) => {
  const possible = values.docker ? inDocker : known;
  const unknown = names.filter((name) => !possible.includes(name));
  const seed = Number(values.seed ?? randomInt(2 ** 31));
  const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
  if (unknown.length > 0) {
    throw new UsageError(`${unknown.join(', ')}: there are ${possible.join(', ')}`);
  }
  if (!Number.isInteger(seed)) throw new UsageError('--seed must be a whole number');
  if (seconds !== undefined && !(seconds > 0)) {
    throw new UsageError('--seconds must be a number above 0');
  }
  const rate = values.rate === undefined ? undefined : Number(values.rate);
  if (rate !== undefined && !(rate > 0)) throw new UsageError('--rate must be a number above 0');
  const chosen = names.length > 0 ? names : possible;
  await run({ names: chosen, seconds, seed, rate, inDocker: values.docker ?? false });
});

async function run({ names, ...options }: Faults): Promise<void> {
  const { seed } = options;
  const asked = scenarios.filter(({ name }) => names.includes(name));
  const tried: Tried[] = [];
  for (const scenario of asked) {
    console.error(`${scenario.name}, --seed ${seed}: ${scenario.title}`);
    tried.push({ scenario, outcome: await attempt(scenario, options) });
  }
  for (const one of tried) console.log(`\n${details(one)}`);
  console.log(`\n${summary(tried)}\n\nagain with --seed ${seed}`);
  process.exitCode = tried.every(hasHeld) ? 0 : 1;
}

async function attempt(
  scenario: FaultScenario,
  { seconds = scenario.seconds, ...options }: Omit<Faults, 'names'>,
): Promise<Tried['outcome']> {
  try {
    return await scenario.run({ seconds, ...options });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
