import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { missingRights } from '../adapters/redis/missing-rights.js';
import { redisServers } from '../adapters/redis/redis-servers.js';
import { redisOptionsOf } from './settings/redis-options-of.js';
import type { Settings } from './settings/settings.js';
import { refusalOf } from './settings/tls/refusal.js';

/** Any key: a cluster has the same users on each of its servers. */
const KEY = 'lockstep:rights';

/** How long a Redis that is connected may take to answer, in milliseconds. */
const ANSWER_TIMEOUT_MS = 1_000;

/**
 * Why Redis does not let this service work: the password, the protected mode, or rights of the user.
 * That does not pass by waiting. Undefined when it does, or is down: an instance starts while Redis
 * is down.
 */
export async function redisRefusal(
  settings: Settings,
  logger: Logger,
): Promise<string | undefined> {
  const options = redisOptionsOf(settings, logger);
  if (!options) return undefined;
  let failure: unknown;
  const observer = {
    unreachable: (error: unknown) => {
      failure = error;
    },
    reachable() {},
    writesRefused() {},
    writesTaken() {},
  };
  const servers = await redisServers({ ...options, observer });
  try {
    const client = await servers.connectCommands(KEY);
    // A Redis that hangs is down.
    const late = pause(ANSWER_TIMEOUT_MS, [], { ref: false });
    const missing = await Promise.race([missingRights(client), late]);
    if (missing.length === 0) return undefined;
    return `REDIS_URL: the user lacks rights in Redis: ${missing.join(' ')}`;
  } catch (error) {
    return refusalOf('REDIS', error) ?? refusalOf('REDIS', failure);
  } finally {
    await servers.close();
  }
}
