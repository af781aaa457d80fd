import type { KafkaSecurity } from '../../../adapters/queue/kafka/kafka-settings.js';
import { readSettings, type Settings } from '../settings.js';
import { kafkaSecurity } from './kafka-security.js';
import { redisTls } from './redis-tls.js';

const ADDRESSES = ['DATABASE_URL', 'REDIS_URL', 'KAFKA_BROKERS'] as const;

type Addresses = Readonly<Partial<Record<(typeof ADDRESSES)[number], string>>>;

/** Variables that secure connections, without the addresses. */
const SECURITY = /^((DATABASE|REDIS|KAFKA)_TLS|KAFKA_SASL)/;

/**
 * The variables of this process that secure connections to these servers. They apply only to servers
 * whose host the process names by the same variable.
 */
export function securityFor(addresses: Addresses): Record<string, string> {
  const meant = ADDRESSES.filter((name) => addresses[name])
    .filter((name) => hostOf(process.env[name]) === hostOf(addresses[name]))
    .map((name) => name.split('_', 1)[0]);
  const own = Object.entries(process.env).filter(
    ([name]) => SECURITY.test(name) && meant.includes(name.split('_', 1)[0]),
  );
  return Object.fromEntries(own.map(([name, value = '']) => [name, value]));
}

/**
 * The settings with which the service would connect to this server.
 * @throws SettingsError
 */
export function settingsFor(addresses: Addresses): Settings {
  return readSettings({ ...securityFor(addresses), ...addresses });
}

/** The socket options of node-redis for this Redis. */
export function redisSocketFor(url: string) {
  const tls = redisTls(settingsFor({ REDIS_URL: url }));
  return tls && { ...tls, tls: true as const };
}

/** The security options of a client of these brokers. */
export function kafkaSecurityFor(brokers: string): KafkaSecurity {
  const settings = settingsFor({ KAFKA_BROKERS: brokers });
  return kafkaSecurity(settings, settings.KAFKA_BROKERS ?? []);
}

function hostOf(address: string | undefined): string | undefined {
  return address !== undefined && URL.canParse(address) ? new URL(address).host : address;
}
