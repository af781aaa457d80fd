import type { Connection } from 'mysql2/promise';
import { median } from '../../statistics.js';
import type { ReportPlan } from '../plan.js';
import type { Progress } from '../progress.js';
import { between, readCounters } from './counters.js';
import { drive, sendAll } from './drive.js';
import { MODES, type Mode, type Scenario } from './scenario.js';

/** The figures of one scenario in one mode. Each is the median of the repetitions; times are in milliseconds. */
export interface LoadResult {
  readonly scenario: string;
  readonly title: string;
  readonly mode: Mode;
  readonly requestsPerSecond: number;
  /** Requests a second of each repetition, to be compared with the same repetition in other modes. */
  readonly rates: readonly number[];
  readonly p50: number;
  readonly p99: number;
  readonly questionsPerRequest: number;
  readonly selectsPerRequest: number;
  /** Shares (0 to 1) of all cached reads; NaN when there was none. */
  readonly l1Share: number;
  readonly l2Share: number;
  readonly failures: number;
}

/** The URL of each mode's instance, and a connection to the database that all modes share. */
export interface LoadTarget {
  readonly urls: Readonly<Record<Mode, string>>;
  readonly connection: Connection;
}

type Once = Omit<LoadResult, 'scenario' | 'title' | 'mode' | 'rates'>;

/** Runs a scenario in all modes alternately, so that a slow moment of the machine does not hit only one mode. */
export async function measureLoad(
  target: LoadTarget,
  scenario: Scenario,
  plan: ReportPlan,
  progress: Progress,
): Promise<LoadResult[]> {
  const measured = new Map<Mode, Once[]>(MODES.map(({ mode }) => [mode, []]));
  progress(`load: ${scenario.title}`);
  for (let run = 0; run < plan.repetitions; run++) {
    const order = run % 2 === 0 ? MODES : MODES.toReversed();
    for (const { mode } of order) {
      measured.get(mode)?.push(await play(target, scenario, mode, run, plan));
    }
  }
  return MODES.map(({ mode }) => summary(scenario, mode, measured.get(mode) ?? []));
}

async function play(
  { urls, connection }: LoadTarget,
  scenario: Scenario,
  mode: Mode,
  run: number,
  { connections, warmMs, measureMs }: ReportPlan,
): Promise<Once> {
  const url = urls[mode];
  const next = scenario.requests(run, mode);
  const clients = { url, connections, next };
  // The cache is filled only once. Entries that expire later are missed and stored again, as in production.
  if (run === 0) await sendAll(clients, scenario.filledBy);
  if (scenario.filledBy.length > 0) await drive(clients, warmMs);
  const before = await readCounters(connection, url);
  const { requests, failures, ...seen } = await drive(clients, measureMs);
  const { questions, selects, sources } = between(before, await readCounters(connection, url));
  const reads = Object.values(sources).reduce((sum, count) => sum + count, 0);
  return {
    ...seen,
    failures,
    questionsPerRequest: questions / requests,
    selectsPerRequest: selects / requests,
    l1Share: sources.l1 / reads,
    l2Share: sources.l2 / reads,
  };
}

function summary({ id, title }: Scenario, mode: Mode, runs: readonly Once[]): LoadResult {
  const middle = (figure: keyof Once) => median(runs.map((one) => one[figure]));
  return {
    ...{ scenario: id, title, mode },
    requestsPerSecond: middle('requestsPerSecond'),
    rates: runs.map(({ requestsPerSecond }) => requestsPerSecond),
    p50: middle('p50'),
    p99: middle('p99'),
    questionsPerRequest: middle('questionsPerRequest'),
    selectsPerRequest: middle('selectsPerRequest'),
    l1Share: middle('l1Share'),
    l2Share: middle('l2Share'),
    failures: runs.reduce((sum, { failures }) => sum + failures, 0),
  };
}
