import type { ServerAddresses } from './server-addresses.js';

/** A cluster that is ready, started in any way. */
export interface RunningCluster {
  /** Address of nginx. */
  readonly url: string;
  /** A few words about it for the person at the terminal. */
  readonly notes: string;
  /** Undefined if its servers can be reached only from inside. */
  readonly addresses?: ServerAddresses | undefined;
  /** A link that signs in to the lab once; undefined if the lab is off. */
  readonly labLink?: string | undefined;
  /** Stops everything that was started, and removes its data. */
  close(): Promise<void>;
}
