import { createConnection, type RowDataPacket } from 'mysql2/promise';
import type { DatabaseServer } from '../../../tools/servers/mysql/database-server.js';
import { withConnection } from '../../../tools/servers/mysql/mysql-connection.js';
import { startMysql } from '../../../tools/servers/mysql/start-mysql.js';
import { embedded } from '../../support/backends.js';
import { Relay } from '../../support/relay.js';
import { startTestService } from '../../support/test-service.js';

const NAME = 'shop';
const INSTALLATION_ID = '01a22839-c3ad-7519-a05a-000000000001';
const ACCOUNT = { user: 'shop', password: 'of-the-shop' };

/**
 * Two database servers behind one address, with the same tables and the same account. The account
 * has all rights in its own database and no other, so `read_only` applies to it.
 */
export class DatabasePair implements AsyncDisposable {
  private constructor(
    readonly relay: Relay,
    private readonly servers: readonly [DatabaseServer, DatabaseServer],
    private readonly resources: AsyncDisposableStack,
  ) {}

  static async start(): Promise<DatabasePair> {
    await using resources = new AsyncDisposableStack();
    const start = async (id: number) => {
      const settings = { 'server-id': String(id) };
      return resources.use(await startMysql({ sources: ['docker', 'binary'], settings }));
    };
    const servers = [await start(1), await start(2)] as const;
    for (const { url } of servers) {
      await run(url, `CREATE DATABASE ${NAME} CHARACTER SET utf8mb4`);
      await run(url, `CREATE USER '${ACCOUNT.user}'@'%' IDENTIFIED BY '${ACCOUNT.password}'`);
      await run(url, `GRANT ALL ON ${NAME}.* TO '${ACCOUNT.user}'@'%'`);
    }
    const relay = resources.use(await Relay.to(portOf(servers[0].url)));
    const pair = new DatabasePair(relay, servers, resources.move());
    // The second server has the same tables and the same id, like a replica.
    for (const which of ['second', 'first'] as const) {
      pair.moveTo(which);
      await (await startTestService(embedded, { DATABASE_URL: pair.url }))[Symbol.asyncDispose]();
      await pair.run(which, `UPDATE ${NAME}.installation SET id = '${INSTALLATION_ID}'`);
    }
    return pair;
  }

  /** The address with the account of the service. */
  get url(): string {
    const { user, password } = ACCOUNT;
    return `mysql://${user}:${password}@127.0.0.1:${this.relay.port}/${NAME}`;
  }

  /** Runs a statement on the first server of the address, or on the other one. */
  async run(which: 'first' | 'second', statement: string): Promise<void> {
    await run(this.#url(which), statement);
  }

  moveTo(which: 'first' | 'second'): void {
    this.relay.moveTo(portOf(this.#url(which)));
  }

  /** Connections of the service's account. */
  async connections(which: 'first' | 'second'): Promise<number> {
    const connection = await createConnection({ uri: this.#url(which) });
    try {
      const [rows] = await connection.query<RowDataPacket[]>(
        'SELECT COUNT(*) AS open FROM information_schema.processlist WHERE user = ?',
        [ACCOUNT.user],
      );
      return Number(rows[0]?.['open']);
    } finally {
      connection.destroy();
    }
  }

  /** Restores the state of the start, except for the rows. */
  async reset(): Promise<void> {
    this.moveTo('first');
    await this.run('first', 'SET GLOBAL read_only = 0');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.resources.disposeAsync();
  }

  #url(which: 'first' | 'second'): string {
    return this.servers[which === 'first' ? 0 : 1].url;
  }
}

async function run(url: string, statement: string): Promise<void> {
  await withConnection(url, (connection) => connection.query(statement));
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
