import { randomBytes } from 'node:crypto';
import type { ServerOptions } from '../server.js';
import type { ServerKind } from '../server-kind.js';
import { pingMysql } from './mysql-connection.js';
import { mysqlPrograms } from './mysql-programs.js';

/** How to start MySQL or MariaDB, with a new password each time. */
export function mysqlKind(options: ServerOptions): ServerKind {
  const password = randomBytes(12).toString('hex');
  const flags = flagsFor(options);
  return {
    title: 'MariaDB or MySQL',
    slug: 'mysql',
    variable: 'TEST_DATABASE_URL',
    image: {
      name: 'mysql:8.4',
      port: 3306,
      environment: { MYSQL_ROOT_PASSWORD: password, MYSQL_DATABASE: 'lockstep' },
      command: flags,
    },
    programs: mysqlPrograms(password, flags),
    debianPackage: 'mariadb-server',
    urlFor: (host, port) => `mysql://root:${password}@${host}:${port}/lockstep`,
    ping: pingMysql,
  };
}

function flagsFor({ durable = false, settings = {} }: ServerOptions): string[] {
  const values = {
    'max-connections': '500',
    'character-set-server': 'utf8mb4',
    'innodb-buffer-pool-size': '128M',
    // 2 leaves the flush to the system: only a power cut loses data, not a killed server.
    'innodb-flush-log-at-trx-commit': durable ? '1' : '2',
    ...settings,
  };
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`);
}
