import { readSettings, type Settings } from '../../config/settings.js';
import { redisTls } from '../../config/tls/redis-tls.js';

/** How the service is told to secure its connections; the addresses are not among these. */
const SECURITY = /^((DATABASE|REDIS|KAFKA)_TLS|KAFKA_SASL)/;

type Addresses = Partial<Record<'DATABASE_URL' | 'REDIS_URL' | 'KAFKA_BROKERS', string>>;

/** The variables of this process that secure connections, for one that it starts. */
export function securityEnvironment(): Record<string, string> {
  const given = Object.entries(process.env).filter(([name]) => SECURITY.test(name));
  return Object.fromEntries(given.map(([name, value = '']) => [name, value]));
}

/**
 * The settings by which the service would reach this server.
 * @throws SettingsError
 */
export function settingsFor(addresses: Addresses): Settings {
  const [name = ''] = Object.keys(addresses);
  const own = Object.entries(securityEnvironment()).filter(([each]) => isAbout(each, name));
  return readSettings({ ...Object.fromEntries(own), ...addresses });
}

/** What else node-redis must be told to reach this Redis. */
export function socketFor(url: string) {
  const tls = redisTls(settingsFor({ REDIS_URL: url }));
  return tls && { ...tls, tls: true as const };
}

/** Both begin with the server that they are about. */
function isAbout(name: string, address: string): boolean {
  return name.split('_', 1)[0] === address.split('_', 1)[0];
}
