/** An entry as it lies in Redis: a line that says what it is worth, then the text. */
export interface StoredEntry {
  readonly genesis: string;
  /** On Redis's clock, in microseconds. */
  readonly expiresUs: number;
  /** Undefined: there is no such thing. */
  readonly text: string | undefined;
  /** What it shows, none named where it is the one it is named by. */
  readonly resources: readonly string[];
}

const NONE: readonly string[] = [];

/** Written by fill.lua and end-hold-off.lua: `genesis number expires presence resource…`. */
export function parseEntry(value: string): StoredEntry {
  // Every hit in Redis comes by here, so it cuts out no more than it needs.
  const genesisEnd = value.indexOf(' ');
  const numberEnd = value.indexOf(' ', genesisEnd + 1);
  const expiresEnd = value.indexOf(' ', numberEnd + 1);
  const end = value.indexOf('\n', expiresEnd + 1);
  const presenceEnd = expiresEnd + 2;
  return {
    genesis: value.slice(0, genesisEnd),
    expiresUs: Number(value.slice(numberEnd + 1, expiresEnd)),
    text: value[expiresEnd + 1] === '-' ? undefined : value.slice(end + 1),
    resources: presenceEnd === end ? NONE : value.slice(presenceEnd + 1, end).split(' '),
  };
}
