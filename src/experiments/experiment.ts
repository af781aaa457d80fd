import type { LockStrategy } from '../adapters/lock/redis-lock-settings.js';
import type {
  BalanceOutcome,
  FreshnessOutcome,
  MoneyOutcome,
  OrderingOutcome,
  Outcome,
  RunReport,
} from './support/run-report.js';
import type { TimelineEvent } from './support/timeline.js';

/** The real servers of an experiment. It removes everything that it creates on them. */
export interface Servers {
  /** `mysql://…`: a database in which the experiment may create and drop a table of its own. */
  readonly databaseUrl: string;
  /** `redis://…` */
  readonly redisUrl: string;
  /** `host:port,…`; only where lock and queue are compared, which also needs the right to create a database. */
  readonly kafkaBrokers?: string | undefined;
  /** A Redis that nobody else uses, so that the experiment may stop it. */
  readonly stoppableRedis?: StoppableServer | undefined;
}

/** This process alone: a SQLite file, and the lock and cache of one process. */
export interface Embedded {
  /** An existing folder, in which each run makes its own folder and removes it. */
  readonly folder: string;
}

export type Backend = Servers | Embedded;

export function isEmbedded(backend: Backend): backend is Embedded {
  return 'folder' in backend;
}

export interface StoppableServer {
  readonly url: string;
  /** Stops it, or kills it with `abruptly`. */
  stop(how?: 'abruptly'): Promise<void>;
  /** Resolves once it answers again, at the same address. */
  start(): Promise<void>;
}

/** What some experiments need besides a database and a Redis. */
export type Need = 'kafka' | 'a Redis to stop';

export interface ExperimentOptions {
  /** Requests at the same time, at least 2. */
  readonly requests?: number;
  /** Longest pause of a request at its worst point, in milliseconds. */
  readonly pauseLimitMs?: number;
  /** How long clients send requests in an experiment that measures, in milliseconds. */
  readonly durationMs?: number;
  /** How requests wait for a lock in Redis; `pubsub` unless set. */
  readonly strategy?: LockStrategy;
  /** Receives each step when it is recorded, before the report is ready. */
  readonly onStep?: (step: TimelineEvent) => void;
}

/** Shows on real servers what one order of steps does. */
export interface Experiment<Shown = Outcome> {
  /** Name on the command line. */
  readonly id: string;
  readonly title: string;
  /** A question that the timeline answers. */
  readonly question: string;
  readonly needs?: Need;
  /** Runs each variant once. Rejects only when a server fails. */
  run(servers: Servers, options?: ExperimentOptions): Promise<readonly RunReport<Shown>[]>;
  /** Runs the same in this process alone. Absent where it needs a server or several processes. */
  readonly runEmbedded?: (
    backend: Embedded,
    options?: ExperimentOptions,
  ) => Promise<readonly RunReport<Shown>[]>;
}

/** Both ways to run an experiment that needs no server. */
export function anywhere<Shown>(
  run: (backend: Backend, options?: ExperimentOptions) => Promise<readonly RunReport<Shown>[]>,
): Required<Pick<Experiment<Shown>, 'run' | 'runEmbedded'>> {
  return { run, runEmbedded: run };
}

export type LockExperiment = Experiment<BalanceOutcome>;
export type CacheExperiment = Experiment<FreshnessOutcome>;
export type OrderingExperiment = Experiment<OrderingOutcome>;
export type PaymentExperiment = Experiment<MoneyOutcome>;
