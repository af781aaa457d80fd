import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** What no log line may contain. */
const SECRETS: Readonly<Record<string, RegExp>> = {
  'a bearer token': /\bbearer\s+[\w~+/.=-]{8,}/i,
  'a JSON Web Token': /\beyJ[\w-]{8,}\.[\w-]{8,}/,
  'the password of an address': /\b[a-z][a-z\d+.-]*:\/\/[^\s/?#"'@*]*:[^\s/?#"'@]+@/i,
  'a card token': /\btok_\w/,
  'a query string': /[\w/]\?[\w.~%-]+=/,
  'an idempotency key': /\bidempotency:\[|"idempotency-?key":\s*"[^"]/i,
  'a secret field':
    /"(?:authorization|proxy-authorization|cookie|set-cookie|password|secret|token|api-?key)":\s*"[^"]/i,
};

/** Begins a line in which a test names a value that it sent and that no log line may contain. */
export const SENT_SECRET = 'sent-secret: ';

/** Shorter values are also words of log lines. */
const SHORTEST_VALUE = 8;

/** pino's lines begin so, in every order of fields that the service uses. */
const LOG_LINE = '{"level":';

/** What the tests of one group wrote. */
export interface TestOutput {
  /** Without log lines, for people. */
  readonly text: string;
  readonly logLines: number;
  /** Log lines with a secret; each says which, and does not repeat it. */
  readonly leaks: readonly string[];
}

/** Reads the output of tests, and finds the secrets in its log lines. */
export async function readTestOutput(file: string): Promise<TestOutput> {
  const text: string[] = [];
  const sent = new Set<string>();
  for await (const line of linesOf(file)) {
    if (line.startsWith(SENT_SECRET)) sent.add(line.slice(SENT_SECRET.length));
    else if (!line.startsWith(LOG_LINE)) text.push(line);
  }
  const leaks = new Set<string>();
  let logLines = 0;
  // Read again, because a value may be named after it was logged.
  for await (const line of linesOf(file)) {
    if (!line.startsWith(LOG_LINE)) continue;
    logLines += 1;
    for (const secret of secretsIn(line, sent)) leaks.add(`${secret} in "${messageOf(line)}"`);
  }
  return { text: text.join('\n'), logLines, leaks: [...leaks] };
}

/** The kinds of secrets in a log line. `sent`: values that clients sent as secrets. */
export function secretsIn(line: string, sent: ReadonlySet<string>): readonly string[] {
  const kinds = Object.entries(SECRETS).flatMap(([kind, pattern]) =>
    pattern.test(line) ? [kind] : [],
  );
  const words = line.match(/[\w-]+/g) ?? [];
  const isSent = words.some((word) => word.length >= SHORTEST_VALUE && sent.has(word));
  return isSent ? [...kinds, 'a value that a client sent as a secret'] : kinds;
}

/** The message, which is a text of the source. */
function messageOf(line: string): string {
  return /"msg":"([^"]*)"\}$/.exec(line)?.[1] ?? 'a line without a message';
}

function linesOf(file: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
}
