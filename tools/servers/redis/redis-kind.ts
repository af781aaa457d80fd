import { redisSocketFor } from '../../../src/config/settings/tls/settings-for-server.js';
import type { ServerOptions } from '../server.js';
import type { ServerKind } from '../server-kind.js';

const ANSWER_TIMEOUT_MS = 2_000;

/** How to start Redis: with an append-only file, and without eviction. */
export function redisKind(options: ServerOptions): ServerKind {
  const flags = flagsFor(options);
  return {
    title: 'Redis',
    slug: 'redis',
    variable: 'TEST_REDIS_URL',
    image: {
      name: 'redis:8',
      port: 6379,
      environment: {},
      command: ['redis-server', ...flags],
    },
    programs: [
      {
        name: 'redis-server',
        argumentsFor: ({ port, data }) => [
          ...['--bind', '127.0.0.1', '--port', String(port), '--dir', data],
          ...flags,
        ],
      },
    ],
    debianPackage: 'redis-server',
    urlFor: (host, port) => `redis://${host}:${port}`,
    ping,
  };
}

function flagsFor({ durable = false, settings = {} }: ServerOptions): string[] {
  const values = {
    appendonly: 'yes',
    appendfsync: durable ? 'always' : 'no',
    save: '',
    'maxmemory-policy': 'noeviction',
    ...settings,
  };
  return Object.entries(values).flatMap(([name, value]) => [`--${name}`, value]);
}

async function ping(url: string): Promise<void> {
  const { createClient } = await import('@redis/client');
  const client = createClient({
    url,
    socket: {
      ...redisSocketFor(url),
      connectTimeout: ANSWER_TIMEOUT_MS,
      reconnectStrategy: false,
    },
    commandOptions: { timeout: ANSWER_TIMEOUT_MS },
  });
  // The rejection below reports the failure; without a listener it would also end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.ping();
  } finally {
    client.destroy();
  }
}
