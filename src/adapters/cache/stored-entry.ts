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

/** Written by fill.lua and end-hold-off.lua: `genesis number expires presence resource…`. */
export function parseEntry(value: string): StoredEntry {
  const end = value.indexOf('\n');
  const [genesis = '', , expires, presence, ...resources] = value.slice(0, end).split(' ');
  return {
    genesis,
    expiresUs: Number(expires),
    text: presence === '-' ? undefined : value.slice(end + 1),
    resources,
  };
}
