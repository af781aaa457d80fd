/** The figures of one contestant in one scenario and one round. */
export interface Sample {
  readonly contestant: string;
  readonly scenario: string;
  /** The first is 0. */
  readonly round: number;
  /** Responses with a status below 300. */
  readonly perSecond: number;
  /** Orders of the queue that were decided a second; undefined where there is no queue. */
  readonly settledPerSecond?: number | undefined;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Processor time of the contestant's processes for each answer. */
  readonly cpuMs: number;
  /** Statements of the database, and commands of Redis, for each answer. */
  readonly statements: number;
  readonly commands: number;
  /** Connections to the database that were open at the end. */
  readonly connections: number;
  /** Resident memory of the contestant's processes at the end, in megabytes. */
  readonly residentMb: number;
  readonly refusals: Readonly<Record<number, number>>;
}

/** The figures of a sample that every scenario has. */
export type Figure =
  | 'perSecond'
  | 'p50Ms'
  | 'p99Ms'
  | 'maxMs'
  | 'cpuMs'
  | 'statements'
  | 'commands'
  | 'connections'
  | 'residentMb';
