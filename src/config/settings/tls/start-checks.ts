import { type Settings, SettingsError } from '../settings.js';
import { failureInPlainText, failureOverTls, type Place } from './handshake.js';
import { redisTls } from './redis-tls.js';
import { refusalOf } from './refusal.js';
import { type TlsOptions, tlsOptions } from './tls-options.js';

/** Every Redis and every sentinel answers it, perhaps with an error. It contains no secret. */
const PING = 'PING\r\n';

/**
 * An instance starts while Redis is down. It does not start when Redis refuses its TLS, because that does
 * not pass by waiting. One server of several that accepts is enough.
 *
 * @throws SettingsError names the variable and the cause
 */
export async function checkRedisTls(settings: Settings): Promise<void> {
  const tls = redisTls(settings);
  if (!tls) return;
  const places = settings.REDIS_SENTINELS ?? settings.REDIS_CLUSTER ?? [placeOf(settings)];
  const refusals = await Promise.all(places.map((place) => redisRefusal(place, tls)));
  const [first] = refusals;
  if (first && refusals.every((refusal) => refusal)) throw new SettingsError(first);
}

async function redisRefusal(place: Place, tls: TlsOptions): Promise<string | undefined> {
  const failure = await failureOverTls(place, tls, PING);
  if (!failure) return undefined;
  const refusal = refusalOf('REDIS', failure);
  if (refusal) return refusal;
  // A Redis without TLS reads the handshake as a command, and waits for the rest of it.
  const isPlain = (await failureInPlainText(place, PING)) === undefined;
  return isPlain ? 'REDIS_TLS: the server does not speak TLS' : undefined;
}

function placeOf({ REDIS_URL = '' }: Settings): Place {
  const { hostname, port } = new URL(REDIS_URL);
  return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port || 6379) };
}

/**
 * The same for Kafka with TLS or SASL. `ask` is a request of a client; it fails as the client fails.
 *
 * @throws SettingsError names the variable and the cause
 */
export async function checkKafkaSecurity(
  settings: Settings,
  ask: () => Promise<unknown>,
): Promise<void> {
  const tls = tlsOptions('KAFKA', settings);
  if (!tls && !settings.KAFKA_SASL_MECHANISM) return;
  try {
    await ask();
  } catch (error) {
    const refusal = refusalOf('KAFKA', error) ?? (tls && (await brokerRefusal(settings, tls)));
    if (refusal) throw new SettingsError(refusal);
  }
}

/** The client does not report the refusal of a broker after the handshake. */
async function brokerRefusal(settings: Settings, tls: TlsOptions): Promise<string | undefined> {
  const [place] = settings.KAFKA_BROKERS ?? [];
  return place && refusalOf('KAFKA', await failureOverTls(place, tls, ''));
}
