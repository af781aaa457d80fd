import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { coherenceTrial } from './coherence-trial.js';
import { allFaults } from './faults.js';
import { renderTrial } from './report.js';
import { fullTrial } from './trials.js';

/**
 * `npm run coherence -- [--seconds 60] [--seed N] [--bound MS] [--only WORDS]` ends with 1 when an
 * answer was staler than the bound, or nothing could have been. `--only` names the faults to choose from.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    bound: { type: 'string', default: '1000' },
    only: { type: 'string', default: '' },
  },
});
const [seconds, seed, boundMs] = [values.seconds, values.seed, values.bound].map(Number);
if (!seconds || !seed || !boundMs) throw new Error('--seconds, --seed and --bound are numbers');
console.log(`seed ${seed}: ${seconds} s under load, one fault after another`);
const faults = allFaults.filter(({ name }) => name.includes(values.only));
if (faults.length === 0) throw new Error(`there are ${allFaults.map(({ name }) => name)}`);
const result = await coherenceTrial({ ...fullTrial, seconds, seed, boundMs, faults });
console.log(renderTrial(result));
for (const read of result.verdict.beyondBound.slice(0, 10)) console.log(JSON.stringify(read));
const { beyondBound, missingEvidence } = result.verdict;
if (missingEvidence.length > 0) console.log(`no evidence: ${missingEvidence.join(', ')}`);
process.exitCode = beyondBound.length > 0 || missingEvidence.length > 0 ? 1 : 0;
