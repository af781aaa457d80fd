import type { TlsName } from './tls-settings.js';

/** The code or message of a failure, and what it means for the settings. */
type Refusal = readonly [pattern: RegExp, meaning: (name: TlsName) => string];

const REFUSALS: readonly Refusal[] = [
  [/CERT_HAS_EXPIRED|certificate has expired/, tls(() => "the server's certificate has expired")],
  [/CERT_NOT_YET_VALID/, tls(() => "the server's certificate is not valid yet")],
  [
    /CERT_ALTNAME_INVALID|does not match certificate's altnames/,
    tls(
      (name) =>
        "the server's certificate is for another host; use that host in the address, " +
        `or name it by ${name}_TLS_SERVER_NAME`,
    ),
  ],
  [
    /SELF_SIGNED_CERT|UNABLE_TO_|CERT_|self[- ]signed certificate|unable to (get|verify)|certificate signature/,
    tls((name) => `the server's certificate is of no trusted CA; name its CA by ${name}_TLS_CA`),
  ],
  [/NO_SSL_SUPPORT|WRONG_VERSION_NUMBER/, tls(() => 'the server does not speak TLS')],
  [
    /ERR_SSL_\S*ALERT_(?!INTERNAL_ERROR)/,
    tls(
      (name) =>
        'the server ends the TLS handshake; it may take only clients with a certificate ' +
        `(${name}_TLS_CERT, ${name}_TLS_KEY)`,
    ),
  ],
  [/SECURE_TRANSPORT_REQUIRED/, tls(() => 'the server takes encrypted connections only')],
  [/^NOAUTH\b/, () => 'REDIS_URL: Redis requires a password'],
  [/^WRONGPASS\b/, () => 'REDIS_URL: Redis does not take this user and password'],
  [
    /^DENIED\b/,
    () => 'REDIS_URL: Redis takes no client of another machine before it has a password',
  ],
  [/^NOPERM\b/, () => 'REDIS_URL: the user lacks rights in Redis'],
  [
    /SASL_AUTHENTICATION_FAILED/,
    () => 'KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD: the broker refuses this user',
  ],
  [
    /UNSUPPORTED_SASL_MECHANISM|ILLEGAL_SASL_STATE/,
    () => 'KAFKA_SASL_MECHANISM: the broker does not offer it at this port',
  ],
];

/**
 * One line for a failure of TLS, of a password or of rights, which does not pass by waiting; undefined
 * for other failures.
 * The line begins with the name of the variable.
 */
export function refusalOf(name: TlsName, error: unknown): string | undefined {
  for (const failure of failuresIn(error)) {
    const known = REFUSALS.find(([pattern]) => pattern.test(failure));
    // Redis explains at length: the first sentence is enough.
    if (known) return `${known[1](name)} [${failure.split('. ', 1)[0]}]`;
  }
  return undefined;
}

/** The failure and its causes, each as its code or its message. */
function* failuresIn(error: unknown): Generator<string> {
  if (!(error instanceof Error)) return;
  const { code, apiId, original, errors } = error as Error & Readonly<Record<string, unknown>>;
  yield String(apiId ?? (isSpecific(code) ? code : error.message.split('\n', 1)[0]));
  for (const inner of [error.cause, original, ...(Array.isArray(errors) ? errors : [])]) {
    yield* failuresIn(inner);
  }
}

/** mysql2 gives every failed handshake the same code. */
function isSpecific(code: unknown): boolean {
  return typeof code === 'string' && code !== 'HANDSHAKE_SSL_ERROR';
}

function tls(meaning: (name: TlsName) => string) {
  return (name: TlsName) => `${name}_TLS: ${meaning(name)}`;
}
