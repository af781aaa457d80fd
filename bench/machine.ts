import os from 'node:os';
import type { RowDataPacket } from 'mysql2/promise';
import { withConnection } from '../tools/servers/mysql/mysql-connection.js';

/** The hardware and versions that a result depends on. It names no host and no folder. */
export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly system: string;
  readonly node: string;
  readonly redis: string;
  /** The load average of one minute, before and after the run. */
  readonly loadBefore: number;
  readonly loadAfter: number;
}

export function describeMachine(redisInfo: string, loadBefore: number): Machine {
  return {
    cores: os.availableParallelism(),
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
    system: `${os.type()} ${os.arch()}`,
    node: process.version,
    redis: /^redis_version:(.*)$/m.exec(redisInfo)?.[1]?.trim() ?? 'unknown',
    loadBefore,
    loadAfter: loadNow(),
  };
}

export function loadNow(): number {
  return Number((os.loadavg()[0] ?? 0).toFixed(2));
}

/** Name and version of the database, such as `MariaDB 11.4.2`, without the suffix of its build. */
export async function databaseVersion(url: string): Promise<string> {
  const [rows] = await withConnection(url, (connection) =>
    connection.query<RowDataPacket[]>('SELECT VERSION() AS version'),
  );
  const version = String(rows[0]?.['version']);
  const [number = version] = version.split('-');
  return `${/mariadb/i.test(version) ? 'MariaDB' : 'MySQL'} ${number}`;
}
