/** What one contestant did in one scenario in one round. */
export interface Sample {
  readonly contestant: string;
  readonly scenario: string;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Processor time of the contestant's processes for each answer. */
  readonly cpuMs: number;
  /** Statements of the database, and commands of Redis, for each answer. */
  readonly statements: number;
  readonly commands: number;
  readonly residentMb: number;
  readonly refusals: Readonly<Record<number, number>>;
}
