import {
  type Fault,
  killsOfEach,
  killsOfPairs,
  partitionOfWriter,
  pausesOfEach,
} from '../replicated/faults.js';
import { answersInTime } from '../replicated/judge-episodes.js';
import { breakUnderLoad, startReplicated } from '../replicated/run-replicated.js';
import { victimsOf } from '../replicated/victims.js';
import type { FaultOptions, FaultReport, FaultScenario } from '../support/fault-scenario.js';
import { Random } from '../support/random.js';

const USUAL_RATE = 200;
const PAIRS = 3;
const WARM_UP_MS = 20_000;
const RECOVERY_MS = 180_000;

export const replicated: FaultScenario = {
  name: 'replicated',
  title: 'each kind of process of a replicated cluster is killed, stopped and cut off, under load',
  /** Of a pause; a killed process is started again after half of it. */
  seconds: 10,
  run,
};

async function run({ seconds, seed, rate = USUAL_RATE }: FaultOptions): Promise<FaultReport> {
  await using cluster = await startReplicated();
  const victims = victimsOf(cluster);
  const [pauseMs, deadMs] = [seconds * 1_000, seconds * 500];
  const faults: Fault[] = [
    ...killsOfEach(victims, deadMs),
    ...pausesOfEach(victims, pauseMs),
    ...killsOfPairs(victims, deadMs, PAIRS, new Random(seed)),
    partitionOfWriter(victims, pauseMs),
  ];
  const onEpisode = (line: string) => console.error(`  ${line}`);
  const times = { warmUpMs: WARM_UP_MS, recoveryMs: RECOVERY_MS };
  const broken = await breakUnderLoad(cluster, faults, { rate, ...times, onEpisode });
  const { episodes, requests, ...report } = broken;
  return { ...report, verdicts: [...report.verdicts, answersInTime(episodes, requests)] };
}
