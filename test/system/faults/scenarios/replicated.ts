import { runReplicated } from '../replicated/run-replicated.js';
import type { FaultScenario } from '../support/fault-scenario.js';

const USUAL_RATE = 200;

export const replicated: FaultScenario = {
  name: 'replicated',
  title: 'each kind of process of a replicated cluster is killed, stopped and cut off, under load',
  seconds: 10,
  run: ({ seconds, seed, rate = USUAL_RATE }) => runReplicated({ seconds, seed, rate }),
};
