import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { readSettings } from '../../../src/config/settings/settings.js';
import { signToken } from '../../../src/config/settings/tokens/sign-token.js';
import { AppInstance } from '../../../tools/cluster/app-instance.js';
import { eventually } from '../../../tools/servers/eventually.js';
import { findFreePort } from '../../../tools/servers/free-port.js';
import { inheritedEnvironment } from '../../../tools/servers/processes/inherited-environment.js';
import type { Mode } from './scenario.js';

export type Env = Readonly<Record<string, string>>;

/** The settings in which the modes differ. */
const MODE_SETTINGS: Readonly<Record<Mode, Env>> = {
  off: { CACHE_MODE: 'off' },
  shared: { CACHE_L1_MAX_ENTRIES: '1' },
  on: {},
};

export function serviceEnv(databaseUrl: string, redisUrl: string, folder: string): Env {
  return {
    ...{ NODE_ENV: 'production', LOG_LEVEL: 'warn', HOST: '127.0.0.1', DATA_DIR: folder },
    ...{ DATABASE_URL: databaseUrl, REDIS_URL: redisUrl },
    JWT_SECRET: randomBytes(32).toString('hex'),
  };
}

/** Starts the instance of a mode and returns its URL. All instances share one database and one Redis. */
export async function startInstance(
  mode: Mode,
  env: Env,
  resources: AsyncDisposableStack,
): Promise<string> {
  const port = await findFreePort();
  const log = path.join(env['DATA_DIR'] ?? '.', `${mode}.log`);
  const settings = { ...inheritedEnvironment(), ...env, ...MODE_SETTINGS[mode] };
  const instance = new AppInstance(mode, port, settings, log);
  resources.defer(() => instance.stop());
  await instance.start();
  return instance.url;
}

export function adminToken(env: Env): Promise<string> {
  return signToken(readSettings({ ...env }), 'report', 'admin');
}

/**
 * Waits until the cache of an instance stores entries. In a new Redis it stores nothing at first, because a
 * writer whose write intent was lost may still commit.
 *
 * @throws Error there is no hit within 60 s
 */
export async function untilCached(url: string, path_: string): Promise<void> {
  await eventually(
    async () => {
      const answer = await fetch(`${url}${path_}`);
      await answer.arrayBuffer();
      const status = answer.headers.get('cache-status') ?? 'nothing';
      if (!status.endsWith('hit')) throw new Error(`the cache stores nothing: ${status}`);
    },
    { withinMs: 60_000, everyMs: 100 },
  );
}
