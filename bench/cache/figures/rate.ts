/** Hits a second, beside those of what it is compared to. */
export interface Rate {
  readonly perSecond: number;
  readonly ofFloor: number;
  readonly floorPerSecond: number;
}

export type Read = (key: string) => unknown;

/** Reads for a while, and reports the reads a second. */
export type Run = (read: Read, ms: number) => Promise<number>;
