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
  /** The longest wait. A waiter that still waits at the end counts with its time so far. */
  readonly waitMax: number;
  readonly refusals: number;
  readonly neverServed: number;
  /** Jain's fairness index of the sections of each waiter. */
  readonly jainWaiters: number;
  /** Jain's fairness index of the sections of each process. */
  readonly jainProcesses: number;
  /** Time from a release to the next entry, in the same or in another process; NaN without handoffs. */
  readonly handoffWithinP50: number;
  readonly handoffBetweenP50: number;
  /** Sections that began while another section was not over: each one is an error of the lock. */
  readonly overlaps: number;
  readonly failures: number;
}
