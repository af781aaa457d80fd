/** One measurement of one contestant in one scenario; durations in milliseconds. */
export interface Result {
  readonly contestant: string;
  readonly scenario: string;
  readonly repetition: number;
  readonly sections: number;
  readonly sectionsPerSecond: number;
  readonly commandsPerSection: number;
  readonly roundTripsPerSection: number;
  readonly redisCpuUsPerSection: number;
  readonly waitP50: number;
  readonly waitP99: number;
  /** Those who still waited at the end counted with their age. */
  readonly waitMax: number;
  readonly refusals: number;
  readonly neverServed: number;
  /** Over the sections that each waiter got. */
  readonly jainWaiters: number;
  /** Over the sections that each process got. */
  readonly jainProcesses: number;
  /** From the release to the next entry, by the same process or another; NaN where there is none. */
  readonly handoffWithinP50: number;
  readonly handoffBetweenP50: number;
  /** Sections entered while another was under way: a broken lock. */
  readonly overlaps: number;
  readonly failures: number;
}
