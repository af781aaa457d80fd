import { hostToIndicate, type TlsOptions, tlsOptions } from './tls-options.js';
import type { TlsValues } from './tls-settings.js';

/**
 * How connections to Redis, its sentinels and its cluster are encrypted.
 * @throws SettingsError a file cannot be used; the message names its variable
 */
export function redisTls(values: TlsValues): TlsOptions | undefined {
  const tls = tlsOptions('REDIS', values);
  const host = values.REDIS_URL && hostToIndicate(new URL(values.REDIS_URL).hostname);
  return tls && host ? { servername: host, ...tls } : tls;
}
