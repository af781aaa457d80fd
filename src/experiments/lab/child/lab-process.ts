/** The program of `ExperimentProcess`. Only the end of its channel ends it. */
import { OWN_RACE } from '../../../adapters/http/lab/lab-schemas.js';
import type { ExperimentOptions } from '../../experiment.js';
import { experiments } from '../../experiments.js';
import { runOwnRace } from '../../scenarios/locking/own-race.js';
import { OwnRedis } from '../../support/own-redis.js';
import type { RunReport } from '../../support/run-report.js';
import { shownReport } from '../lab-report.js';
import { removeLeftovers } from '../leftovers.js';
import { RunFolder } from '../run-folder.js';
import type { LiveStep, RunCommand, RunMessage, ShownReport } from './run-messages.js';

/** Most steps that are sent during a run. The record contains all steps, up to its own limit. */
const MAX_LIVE_STEPS = 500;

/** Time between two messages with steps, in milliseconds: each message takes time of the instance. */
const SEND_STEPS_MS = 40;

const folder = new RunFolder();
let current: Promise<void> | undefined;

// A signal to all processes of a service also comes here; the instance decides what it means.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('message', (command: RunCommand) => {
  current = answer(command);
});
process.once('disconnect', async () => {
  await current;
  folder.remove();
  process.exit();
});

async function answer(command: RunCommand): Promise<void> {
  try {
    report({ reports: await reportsOf(command) });
  } catch (failure) {
    report({ failure });
  }
}

async function reportsOf(command: RunCommand): Promise<ShownReport[]> {
  const { experiment, servers, removesLeftovers } = command;
  if (servers && removesLeftovers) await removeLeftovers(servers);
  const live = liveSteps();
  try {
    const reports = await run(command, { onStep: live.add });
    return reports.map((each) => shownReport(experiment, each));
  } finally {
    live.end();
  }
}

async function run(
  { experiment: id, settings, servers }: RunCommand,
  live: ExperimentOptions,
): Promise<readonly RunReport[]> {
  const { requests, holdMs, strategy, race } = settings;
  if (id === OWN_RACE) return await runOwnRace(servers ?? folder, race ?? [], live);
  const experiment = experiments.find((one) => one.id === id);
  const options = {
    ...live,
    ...(requests !== undefined && { requests }),
    ...(holdMs !== undefined && { pauseLimitMs: holdMs }),
    ...(strategy !== undefined && { strategy }),
  };
  if (!servers) return (await experiment?.runEmbedded?.(folder, options)) ?? [];
  await using stoppableRedis =
    experiment?.needs === 'a Redis to stop' ? await OwnRedis.launch(folder.folder) : undefined;
  return (await experiment?.run({ ...servers, stoppableRedis }, options)) ?? [];
}

/** Sends the steps that were recorded since the last message. */
function liveSteps() {
  let count = 0;
  let steps: LiveStep[] = [];
  const send = () => {
    if (steps.length > 0) report({ steps });
    steps = [];
  };
  const timer = setInterval(send, SEND_STEPS_MS);
  return {
    add: (step: LiveStep) => {
      count += 1;
      if (count <= MAX_LIVE_STEPS) steps.push(step);
    },
    end: () => {
      clearInterval(timer);
      send();
    },
  };
}

/** After the end of the instance nobody receives it. */
function report(message: RunMessage): void {
  if (process.connected) process.send?.(message, () => {});
}
