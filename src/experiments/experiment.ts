import type {
  BalanceOutcome,
  FreshnessOutcome,
  MoneyOutcome,
  OrderingOutcome,
  Outcome,
  RunReport,
} from './support/run-report.js';

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
  /** Requests that come at once, at least 2. */
  readonly requests?: number;
  /** Longest pause of a request at its worst point, in milliseconds. */
  readonly pauseLimitMs?: number;
  /** How long clients send requests, where an experiment measures, in milliseconds. */
  readonly durationMs?: number;
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
}

export type LockExperiment = Experiment<BalanceOutcome>;
export type CacheExperiment = Experiment<FreshnessOutcome>;
export type OrderingExperiment = Experiment<OrderingOutcome>;
export type PaymentExperiment = Experiment<MoneyOutcome>;
