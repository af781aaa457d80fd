/** `npm run faults -- [NAME...] [--seconds N] [--seed N]`: breaks real servers, and says what held. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { FaultScenario } from './fault-scenario.js';
import { scenarios } from './scenarios.js';
import { details, hasHeld, summary, type Tried } from './summary.js';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string' }, seed: { type: 'string' } },
});
const known = scenarios.map(({ name }) => name);
const unknown = positionals.filter((name) => !known.includes(name));
const seed = Number(values.seed ?? randomInt(2 ** 31));
const seconds = values.seconds === undefined ? undefined : Number(values.seconds);

if (unknown.length > 0) fail(`${unknown.join(', ')}: there are ${known.join(', ')}`);
else if (!Number.isInteger(seed)) fail('--seed must be a whole number');
else if (seconds !== undefined && !(seconds > 0)) fail('--seconds must be a number above 0');
else await run();

async function run(): Promise<void> {
  const asked = scenarios.filter(
    ({ name }) => positionals.length === 0 || positionals.includes(name),
  );
  const tried: Tried[] = [];
  for (const scenario of asked) {
    console.error(`${scenario.name}, --seed ${seed}: ${scenario.title}`);
    tried.push({ scenario, outcome: await attempt(scenario) });
  }
  for (const one of tried) console.log(`\n${details(one)}`);
  console.log(`\n${summary(tried)}\n\nagain with --seed ${seed}`);
  process.exitCode = tried.every(hasHeld) ? 0 : 1;
}

async function attempt(scenario: FaultScenario): Promise<Tried['outcome']> {
  try {
    return await scenario.run({ seconds: seconds ?? scenario.seconds, seed });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function fail(reason: string): void {
  console.error(reason);
  process.exitCode = 1;
}
