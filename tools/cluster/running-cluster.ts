/** A cluster that answers, in whichever way it was brought up. */
export interface RunningCluster {
  /** nginx. */
  readonly url: string;
  /** What a person may want to know of it, in a few words. */
  readonly notes: string;
  /** Ends everything that was started, and removes its data. */
  close(): Promise<void>;
}
