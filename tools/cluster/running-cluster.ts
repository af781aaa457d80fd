import type { ServerAddresses } from './server-addresses.js';

/** A cluster that answers, in whichever way it was brought up. */
export interface RunningCluster {
  /** nginx. */
  readonly url: string;
  /** What a person may want to know of it, in a few words. */
  readonly notes: string;
  /** Undefined where its servers can be reached only from inside. */
  readonly addresses?: ServerAddresses | undefined;
  /** Ends everything that was started, and removes its data. */
  close(): Promise<void>;
}
