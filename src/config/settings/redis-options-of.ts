import type { Logger } from 'pino';
import type { RedisAddress, RedisOptions } from '../../adapters/redis/redis-options.js';
import type { Settings } from './settings.js';
import { redisTls } from './tls/redis-tls.js';
import { refusalOf } from './tls/refusal.js';

export function usesRedis(settings: Settings): boolean {
  return redisAddressOf(settings) !== undefined;
}

/** The masters of a cluster cannot hold one shared cache; there each process has its own. */
export function sharesCache(settings: Settings): boolean {
  return usesRedis(settings) && !settings.REDIS_CLUSTER;
}

/**
 * How to connect to Redis, with the connection's changes logged; undefined without a Redis.
 *
 * @throws SettingsError a TLS file cannot be used, and its variable is named
 */
export function redisOptionsOf(settings: Settings, logger: Logger): RedisOptions | undefined {
  const address = redisAddressOf(settings);
  if (!address) return undefined;
  return {
    address,
    tls: redisTls(settings),
    observer: {
      unreachable: (err) =>
        logger.warn({ err }, refusalOf('REDIS', err) ?? 'redis is not reachable'),
      reachable: () => logger.warn('redis is reachable again'),
      writesRefused: (err) => logger.warn({ err }, 'redis refuses writes: connecting again'),
      writesTaken: () => logger.warn('redis takes writes again'),
    },
  };
}

function redisAddressOf(settings: Settings): RedisAddress | undefined {
  const { REDIS_URL: url, REDIS_SENTINELS: sentinels, REDIS_SENTINEL_MASTER: master } = settings;
  if (settings.REDIS_CLUSTER) return { clusterNodes: settings.REDIS_CLUSTER };
  if (sentinels && master) return { master, sentinels };
  return url ? { url } : undefined;
}
