import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ServerKind } from '../server-kind.js';
import { redisKind } from './redis-kind.js';

export interface SentinelOptions {
  readonly masterName: string;
  readonly masterHost: string;
  readonly masterPort: string;
  /** How many sentinels must agree that the master is down. */
  readonly quorum: number;
  /** A master that does not answer for this time counts as down, in milliseconds. */
  readonly downAfterMs: number;
}

/** How to start a Redis Sentinel. A restarted one remembers the master that it knew last. */
export function sentinelKind(options: SentinelOptions): ServerKind {
  return {
    ...redisKind({}),
    title: 'Redis Sentinel',
    slug: 'sentinel',
    programs: [
      {
        name: 'redis-server',
        argumentsFor: ({ folder, port }) => {
          // Sentinels write what they learn to their configuration file.
          const file = path.join(folder, 'sentinel.conf');
          const lines = [
            'bind 127.0.0.1',
            `port ${port}`,
            `dir ${folder}`,
            ...sentinelLines(options),
          ];
          if (!existsSync(file)) writeFileSync(file, `${lines.join('\n')}\n`);
          return [file, '--sentinel'];
        },
      },
    ],
  };
}

/** What a Sentinel knows of the master at its first start; docker/compose.replicated.yml has the same. */
export function sentinelLines(options: SentinelOptions): string[] {
  const { masterName: name, masterHost, masterPort, quorum, downAfterMs } = options;
  return [
    `sentinel monitor ${name} ${masterHost} ${masterPort} ${quorum}`,
    `sentinel down-after-milliseconds ${name} ${downAfterMs}`,
    `sentinel failover-timeout ${name} ${4 * downAfterMs}`,
  ];
}
