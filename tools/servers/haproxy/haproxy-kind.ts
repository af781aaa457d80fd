import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../project-root.js';
import { pingMysql } from '../mysql/mysql-connection.js';
import type { ServerKind } from '../server-kind.js';
import { handshakeResponse, query } from './mysql-packets.js';

export interface HaproxyOptions {
  /** Ports of the three members of a Galera cluster; the first is the writer at the start. */
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
    ping: pingMysql,
  };
}

const ASK_STATE = `SELECT CONCAT('state-', VARIABLE_VALUE) FROM information_schema.GLOBAL_STATUS
  WHERE VARIABLE_NAME = 'WSREP_LOCAL_STATE'`;

/** The packets by which haproxy asks a member for its state, as it writes them in its configuration. */
export function checkPackets(watcher: string): Record<'LOG_IN' | 'ASK_STATE', string> {
  return {
    LOG_IN: handshakeResponse(watcher).toString('hex'),
    ASK_STATE: query(ASK_STATE).toString('hex'),
  };
}

const template = path.join(projectRoot, 'docker', 'haproxy', 'galera.cfg');

/** Fills the template as haproxy does in the container, from its environment. */
function configuration({ ports, watcher }: HaproxyOptions, port: number): string {
  const members = ports.map((each, i) => [`GALERA_${i + 1}`, `127.0.0.1:${each}`]);
  const values: Record<string, string> = {
    LISTEN: `127.0.0.1:${port}`,
    // Never asked, because the members have numbers.
    NAMESERVER: '127.0.0.1:53',
    ...checkPackets(watcher),
    ...Object.fromEntries(members),
  };
  return readFileSync(template, 'utf8').replace(
    /\$\{([A-Z_0-9]+)\}/g,
    (whole, name: string) => values[name] ?? whole,
  );
}
