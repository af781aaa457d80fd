/** Runs an experiment in its process, and sends the number of that process at the first step. */
import { ExperimentProcess } from '../../../src/experiments/lab/child/experiment-process.js';

const experiments = new ExperimentProcess();
// Each request holds the lock for the whole pause, so the run goes on after its first steps.
const command = { experiment: 'right-order', settings: { holdMs: 500 } };
await experiments.run({ ...command, servers: undefined, removesLeftovers: false }, () =>
  process.send?.(experiments.pid),
);
