/** Receives the outcome of each run of a job. */
export interface JobObserver {
  succeeded(job: string): void;
  /** `isRepeat`: the run before failed too. */
  failed(job: string, error: unknown, isRepeat: boolean): void;
}
