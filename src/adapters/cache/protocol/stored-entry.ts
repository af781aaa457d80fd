/** An entry as it is stored in Redis: one header line, then the text. */
export interface StoredEntry {
  readonly epoch: string;
  /** On the clock of Redis, in microseconds. */
  readonly expiresUs: number;
  /** Undefined: there is no such thing. */
  readonly text: string | undefined;
  /** The resources it shows; empty where its key is the only one. */
  readonly resources: readonly string[];
}

const NONE: readonly string[] = [];

/** Written by fill.lua and end-write.lua: `epoch number expires presence resource…`. */
export function parseEntry(value: string): StoredEntry {
  // This runs at every hit in Redis, so it copies no more than needed.
  const epochEnd = value.indexOf(' ');
  const numberEnd = value.indexOf(' ', epochEnd + 1);
  const expiresEnd = value.indexOf(' ', numberEnd + 1);
  const end = value.indexOf('\n', expiresEnd + 1);
  const presenceEnd = expiresEnd + 2;
  return {
    epoch: value.slice(0, epochEnd),
    expiresUs: Number(value.slice(numberEnd + 1, expiresEnd)),
    text: value[expiresEnd + 1] === '-' ? undefined : value.slice(end + 1),
    resources: presenceEnd === end ? NONE : value.slice(presenceEnd + 1, end).split(' '),
  };
}
