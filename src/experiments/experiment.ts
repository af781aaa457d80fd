import type {
  BalanceOutcome,
  FreshnessOutcome,
  MoneyOutcome,
  OrderingOutcome,
  Outcome,
  TrialReport,
} from './apparatus/trial-report.js';

/** The real servers that an experiment runs on; it leaves nothing behind on either. */
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

export interface StoppableServer {
  readonly url: string;
  /** Kills it when asked to stop `abruptly`. */
  stop(how?: 'abruptly'): Promise<void>;
  /** Resolves once it answers again, at the same address. */
  start(): Promise<void>;
}

/** What only some experiments need beside a database and a Redis. */
export type Need = 'kafka' | 'a Redis to stop';

export interface ExperimentOptions {
  /** Requests that come at once, at least 2. */
  readonly requests?: number;
  /** How long a request is held at its worst moment when nobody follows it there. */
  readonly patienceMs?: number;
  /** How long clients keep coming, where an experiment measures. */
  readonly durationMs?: number;
}

/** A scenario that shows, on real servers, what one order of steps does. */
export interface Experiment<Shown = Outcome> {
  /** As it is named on the command line. */
  readonly id: string;
  readonly title: string;
  /** What the reader should ask, and can answer from the timeline. */
  readonly question: string;
  readonly needs?: Need;
  /** One trial or, where ways are compared, one a way. Rejects only when a server fails it. */
  run(servers: Servers, options?: ExperimentOptions): Promise<readonly TrialReport<Shown>[]>;
}

export type LockExperiment = Experiment<BalanceOutcome>;
export type CacheExperiment = Experiment<FreshnessOutcome>;
export type OrderingExperiment = Experiment<OrderingOutcome>;
export type PaymentExperiment = Experiment<MoneyOutcome>;
