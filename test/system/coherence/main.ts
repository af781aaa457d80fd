import 'reflect-metadata';
import { type CommandUsage, UsageError } from '../../../src/commands/command-line.js';
import { runCommand } from '../../../src/commands/run-command.js';
import { coherenceTrial } from './coherence-trial.js';
import { allFaults } from './faults.js';
import { renderTrial } from './report.js';
import { fullTrial } from './trials.js';

const names = allFaults.map(({ name }) => name).join(', ');

const USAGE = {
  command: 'npm run coherence',
  synopsis: '[--seconds N] [--seed N] [--bound MS] [--only TEXT]',
  does: `Looks for stale answers while Redis, its connections and instances fail, on its own servers.
Ends with 1 when an answer was staler than the bound, or when no answer could have been. Faults: ${names}.`,
  options: {
    seconds: { type: 'string', value: 'N', default: '60', says: 'duration' },
    seed: { type: 'string', value: 'N', says: 'repeats the choices of an earlier run' },
    bound: { type: 'string', value: 'MS', default: '1000', says: 'how stale an answer may be' },
    only: { type: 'string', value: 'TEXT', default: '', says: 'only faults with this in the name' },
  },
  examples: ['', '--seconds 120 --seed 7'],
} as const satisfies CommandUsage;

await runCommand(USAGE, async ({ values }) => {
  const { seed: again = String((Date.now() % 1_000_000) + 1) } = values;
  const [seconds = 0, seed = 0, boundMs = 0] = [values.seconds, again, values.bound].map(Number);
  if (!seconds || !seed || !boundMs) {
    throw new UsageError('--seconds, --seed and --bound are numbers above 0');
  }
  const faults = allFaults.filter(({ name }) => name.includes(values.only));
  if (faults.length === 0) throw new UsageError(`--only: there are ${names}`);
  console.log(`seed ${seed}: ${seconds} s under load, one fault after another`);
  const result = await coherenceTrial({ ...fullTrial, seconds, seed, boundMs, faults });
  console.log(renderTrial(result));
  for (const read of result.verdict.beyondBound.slice(0, 10)) console.log(JSON.stringify(read));
  const { beyondBound, missingEvidence } = result.verdict;
  if (missingEvidence.length > 0) console.log(`no evidence: ${missingEvidence.join(', ')}`);
  process.exitCode = beyondBound.length > 0 || missingEvidence.length > 0 ? 1 : 0;
});
