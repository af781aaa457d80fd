import { expect } from 'chai';
import type { RowDataPacket } from 'mysql2/promise';
import { ConnectionRefusedError, DatabaseError, QueryTypes } from 'sequelize';
import { openMysql } from '../../../src/adapters/persistence/sql/connections/mysql-database.js';
import type { RawConnection } from '../../../src/adapters/persistence/sql/connections/pooled-connections.js';
import type { SqlDatabase } from '../../../src/adapters/persistence/sql/connections/sql-database.js';
import { isDenied, translateSqlError } from '../../../src/adapters/persistence/sql/sql-failures.js';
import {
  ConcurrentUpdateError,
  DependencyUnavailableError,
  ResourceBusyError,
} from '../../../src/domain/ports/failures.js';
import { eventually } from '../../../tools/servers/eventually.js';
import type { DatabaseServer } from '../../../tools/servers/mysql/database-server.js';
import { withConnection } from '../../../tools/servers/mysql/mysql-connection.js';
import { startMysql } from '../../../tools/servers/mysql/start-mysql.js';
import { rejection } from '../../support/rejection.js';

function thrownByDriver(code: string): Error {
  return Object.assign(new Error(`the server says ${code}`), { code, sql: 'SELECT 1' });
}

const kinds = [
  {
    kind: ConcurrentUpdateError,
    codes: ['ER_LOCK_DEADLOCK', 'ER_CHECKREAD', 'ER_TRANSACTION_ROLLBACK_DURING_COMMIT'],
  },
  { kind: ResourceBusyError, codes: ['ER_LOCK_WAIT_TIMEOUT', 'SQLITE_BUSY', 'SQLITE_LOCKED'] },
  {
    kind: DependencyUnavailableError,
    codes: [
      'PROTOCOL_CONNECTION_LOST',
      'ECONNREFUSED',
      'ER_OPTION_PREVENTS_STATEMENT',
      'ER_READ_ONLY_MODE',
      'ER_TABLEACCESS_DENIED_ERROR',
      'ER_NEW_ABORTING_CONNECTION',
      'ER_USER_LIMIT_REACHED',
      'ER_FILSORT_ABORT',
      'EE_WRITE',
      'SQLITE_FULL',
      'SQLITE_CORRUPT',
      'SQLITE_NOTADB',
    ],
  },
];

describe('What the database driver throws', () => {
  for (const { kind, codes } of kinds) {
    for (const code of codes) {
      it(`is a ${kind.name} when it says ${code}, inside Sequelize's error or bare`, () => {
        const bare = thrownByDriver(code);
        const wrapped = new DatabaseError(bare as ConstructorParameters<typeof DatabaseError>[0]);
        expect(translateSqlError(bare)).to.be.instanceOf(kind);
        expect(translateSqlError(wrapped)).to.be.instanceOf(kind);
      });
    }
  }

  it('is an outage when the account is refused, but a start does not wait for its end', () => {
    const refused = new ConnectionRefusedError(thrownByDriver('ER_ACCESS_DENIED_ERROR'));
    const failure = translateSqlError(refused);
    // The account of a running service was changed; it may be changed back.
    expect(failure).to.be.instanceOf(DependencyUnavailableError);
    expect(isDenied(failure)).to.equal(true);
    expect(isDenied(translateSqlError(thrownByDriver('ECONNREFUSED')))).to.equal(false);
  });

  it('stays unchanged when the fault is in our code', () => {
    const fault = new DatabaseError(
      thrownByDriver('ER_PARSE_ERROR') as ConstructorParameters<typeof DatabaseError>[0],
    );
    expect(translateSqlError(fault)).to.equal(fault);
  });
});

describe('A statement that the server ends', () => {
  let server: DatabaseServer;
  let database: SqlDatabase;

  before(async () => {
    server = await startMysql();
    const url = await server.createDatabase();
    database = openMysql({
      url,
      poolMax: 1,
      acquireMs: 5_000,
      connectMs: 2_000,
      queryMs: 60_000,
    });
  });

  after(async () => {
    await database?.close();
    await server?.close();
  });

  /** A query that never ends, because it has too many rows. */
  const endless = `SELECT COUNT(*) FROM ${[1, 2, 3, 4, 5].map((i) => `information_schema.collations AS c${i}`).join(', ')}`;

  it('by its time limit is an outage', async () => {
    const [{ version = '' } = {}] = await select<{ version: string }>(
      'SELECT VERSION() AS version',
    );
    const [limit, value] = /mariadb/i.test(version)
      ? ['max_statement_time', 0.05]
      : ['max_execution_time', 50];
    // There is one connection, so the next statement uses it too.
    await database.sequelize.query(`SET SESSION ${limit} = ${value}`);
    expect(await rejection(database.sequelize.query(endless))).to.be.instanceOf(
      DependencyUnavailableError,
    );
    // The cases below use the same connection. 0 means no limit.
    await database.sequelize.query(`SET SESSION ${limit} = 0`);
  });

  for (const what of ['QUERY', 'CONNECTION'] as const) {
    it(`by KILL ${what} is an outage`, async () => {
      const [{ id } = {}] = await select<{ id: number }>('SELECT CONNECTION_ID() AS id');
      // On MySQL a SLEEP that is ended by KILL QUERY returns a row.
      const ended = rejection(database.sequelize.query(endless));
      await eventually(async () => {
        await withConnection(server.url, async (admin) => {
          const [running] = await admin.query<RowDataPacket[]>(
            'SELECT 1 FROM information_schema.processlist WHERE id = ? AND info = ?',
            [id, endless],
          );
          expect(running).to.have.length(1);
          await admin.query(`KILL ${what} ${id}`);
        });
      });
      expect(await ended).to.be.instanceOf(DependencyUnavailableError);
      expect(await select('SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
    });
  }

  function select<T extends object>(statement: string): Promise<T[]> {
    return database.sequelize.query<T>(statement, { type: QueryTypes.SELECT });
  }
});

describe('A connection that breaks while the pool closes it', () => {
  it('ends no process', async () => {
    await using server = await startMysql();
    const times = { acquireMs: 5_000, connectMs: 2_000, queryMs: 2_000 };
    const database = openMysql({ url: await server.createDatabase(), poolMax: 1, ...times });
    const { connectionManager } = database.sequelize as unknown as Pool;
    const unhandled: unknown[] = [];
    const usual = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', (reason) => unhandled.push(reason));
    try {
      const connection = await connectionManager.getConnection({ type: 'SELECT' });
      const closed = new Promise((resolve) => connection.stream.once('close', resolve));
      // The end of the connection waits for this query, which the server does not answer in time.
      const asked = rejection(connection.promise().query('SELECT SLEEP(30)'));
      // The pool closes it after half of the time after which a silent connection breaks.
      connectionManager.releaseConnection(connection);
      await closed;
      expect(await asked).to.include({ code: 'PROTOCOL_CONNECTION_LOST' });
      await database.sequelize.query('SELECT 1');
      expect(unhandled).to.deep.equal([]);
    } finally {
      process.removeAllListeners('unhandledRejection');
      for (const listener of usual) process.on('unhandledRejection', listener);
      await database.close();
    }
  });
});

/** The parts of Sequelize's pool that are used here; its types do not have them. */
interface Pool {
  readonly connectionManager: {
    getConnection(options: object): Promise<RawConnection>;
    releaseConnection(connection: RawConnection): void;
  };
}
