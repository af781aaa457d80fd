/** The connections of one process to its database. */
export interface ConnectionCounts {
  readonly used: number;
  readonly idle: number;
  /** Most connections that may be open. */
  readonly max: number;
  /** How many wait for a free connection. */
  readonly waiting: number;
}

/** Counts the connections at the time of the call, without asking the server. */
export abstract class ConnectionCounter {
  abstract connections(): ConnectionCounts;
}
