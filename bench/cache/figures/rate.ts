/** Hits a second of a contestant, and of the floor that it is compared with. */
export interface Rate {
  readonly perSecond: number;
  readonly ofFloor: number;
  readonly floorPerSecond: number;
}

export type Read = (key: string) => unknown;

/** Reads for `ms` milliseconds, and returns the reads a second. */
export type Run = (read: Read, ms: number) => Promise<number>;
