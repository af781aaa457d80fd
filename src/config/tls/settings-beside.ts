import type { KafkaSecurity } from '../../adapters/queue/kafka/kafka-settings.js';
import { readSettings, type Settings } from '../settings.js';
import { kafkaSecurity } from './kafka-security.js';
import { redisTls } from './redis-tls.js';

type AddressName = 'DATABASE_URL' | 'REDIS_URL' | 'KAFKA_BROKERS';

/** How the service is told to secure its connections; the addresses are not among these. */
const SECURITY = /^((DATABASE|REDIS|KAFKA)_TLS|KAFKA_SASL)/;

/** The variables of this process that secure connections, for one that it starts. */
export function securityEnvironment(): Record<string, string> {
  const given = Object.entries(process.env).filter(([name]) => SECURITY.test(name));
  return Object.fromEntries(given.map(([name, value = '']) => [name, value]));
}

/**
 * The settings by which the service would reach this server. Those of this process are for the
 * server that it names by the same variable, whatever the database there, and for no other.
 *
 * @throws SettingsError
 */
export function settingsBeside(name: AddressName, address: string): Settings {
  const isMeant = placeOf(process.env[name]) === placeOf(address);
  const [server = ''] = name.split('_', 1);
  const own = Object.entries(securityEnvironment()).filter(([each]) => each.startsWith(server));
  return readSettings({ ...(isMeant && Object.fromEntries(own)), [name]: address });
}

/** What else node-redis must be told to reach this Redis. */
export function redisSocketFor(url: string) {
  const tls = redisTls(settingsBeside('REDIS_URL', url));
  return tls && { ...tls, tls: true as const };
}

/** What else a client of these brokers must be told. */
export function kafkaSecurityFor(brokers: string): KafkaSecurity {
  const settings = settingsBeside('KAFKA_BROKERS', brokers);
  return kafkaSecurity(settings, settings.KAFKA_BROKERS ?? []);
}

function placeOf(address: string | undefined): string | undefined {
  return address !== undefined && URL.canParse(address) ? new URL(address).host : address;
}
