import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { withConnection } from '../mysql/mysql-connection.js';
import type { ServerKind } from '../server-kind.js';
import { handshakeResponse, query } from './mysql-packets.js';

export interface HaproxyOptions {
  /** Ports of the members of a Galera cluster; the first is the writer at the start. */
  readonly ports: readonly number[];
  /** An account without a password. */
  readonly watcher: string;
  readonly password: string;
}

/** How to start haproxy in front of a Galera cluster, with one member that gets all connections. */
export function haproxyKind(options: HaproxyOptions): ServerKind {
  return {
    title: 'haproxy',
    slug: 'haproxy',
    variable: 'TEST_HAPROXY_URL',
    image: { name: 'haproxy:3.2', port: 3306, environment: {}, command: [] },
    programs: [
      {
        name: 'haproxy',
        argumentsFor: ({ folder, port }) => {
          const file = path.join(folder, 'haproxy.cfg');
          writeFileSync(file, configuration(options, port));
          return ['-db', '-f', file];
        },
      },
    ],
    debianPackage: 'haproxy',
    urlFor: (host, port) => `mysql://root:${options.password}@${host}:${port}/lockstep`,
    ping: (url) => withConnection(url, async (connection) => void (await connection.ping())),
  };
}

/** The state of a member that has all writes; others are joining, sending a copy, or without a majority. */
const SYNCED = 'state-4';
const ASK_STATE = `SELECT CONCAT('state-', VARIABLE_VALUE) FROM information_schema.GLOBAL_STATUS
  WHERE VARIABLE_NAME = 'WSREP_LOCAL_STATE'`;

/**
 * The table with one row keeps the writer: a member that comes back does not take the connections
 * from the one that replaced it. Without `option redispatch` a member that is slow to accept does not
 * lose single connections to another one. When a member is marked as down, its connections are closed,
 * so two members never write for this address.
 */
function configuration({ ports, watcher }: HaproxyOptions, port: number): string {
  const servers = ports.map(
    (each, i) => `  server galera-${i + 1} 127.0.0.1:${each}${i === 0 ? '' : ' backup'}`,
  );
  return [
    'global',
    '  maxconn 4000',
    '  nbthread 1',
    'defaults',
    '  mode tcp',
    '  timeout connect 1s',
    '  timeout client 1h',
    '  timeout server 1h',
    '  timeout check 1s',
    '  retries 3',
    'listen galera',
    `  bind 127.0.0.1:${port}`,
    '  stick-table type integer size 1 nopurge',
    '  stick on int(1)',
    '  option tcp-check',
    '  tcp-check connect',
    '  tcp-check expect string mysql_native_password',
    `  tcp-check send-binary ${handshakeResponse(watcher).toString('hex')}`,
    '  tcp-check expect binary 0700000200',
    `  tcp-check send-binary ${query(ASK_STATE).toString('hex')}`,
    `  tcp-check expect string ${SYNCED}`,
    '  tcp-check send-binary 0100000001',
    '  default-server check inter 500ms fastinter 200ms fall 2 rise 2 on-marked-down shutdown-sessions',
    ...servers,
    '',
  ].join('\n');
}
