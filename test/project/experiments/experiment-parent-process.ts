/** Runs an experiment in its process, and sends the number of that process at the first step. */
import { ExperimentProcess } from '../../../src/experiments/lab/child/experiment-process.js';

const experiments = new ExperimentProcess();
const command = { experiment: 'no-lock', settings: { holdMs: 500 } };
await experiments.run({ ...command, servers: undefined, removesLeftovers: false }, () =>
  process.send?.(experiments.pid),
);
