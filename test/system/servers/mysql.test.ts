import { expect } from 'chai';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { DatabaseServer } from '../../../tools/servers/mysql/database-server.js';
import { withConnection } from '../../../tools/servers/mysql/mysql-connection.js';
import { startMysql } from '../../../tools/servers/mysql/start-mysql.js';

const OWN = ['docker', 'binary'] as const;

describe('A MariaDB or MySQL server that was started', function () {
  // A container takes longer to create its data than a program does.
  this.timeout(240_000);
  let server: DatabaseServer;

  before(async () => {
    server = await startMysql({ sources: OWN });
  });

  after(() => server.close());

  it('uses utf8mb4 and allows 500 connections', async () => {
    const [row] = await query(
      server.url,
      'SELECT @@character_set_server AS charset, @@max_connections AS connections',
    );
    expect(row).to.deep.equal({ charset: 'utf8mb4', connections: 500 });
  });

  it('creates databases that share nothing', async () => {
    const [one, two] = await Promise.all([server.createDatabase(), server.createDatabase()]);
    await query(one, 'CREATE TABLE t (id INT)');
    expect(await query(two, 'SHOW TABLES')).to.deep.equal([]);
  });

  for (const how of [undefined, 'abruptly'] as const) {
    it(`restarts on the same port with its data, stopped ${how ?? 'cleanly'}`, async () => {
      const url = await server.createDatabase();
      await query(url, 'CREATE TABLE t (id INT)');
      await query(url, 'INSERT INTO t VALUES (7)');
      await server.stop(how);
      await server.start();
      expect(await query(url, 'SELECT id FROM t')).to.deep.equal([{ id: 7 }]);
    });
  }

  it('refuses connections while it is stopped', async () => {
    await server.stop();
    const failure = await query(server.url, 'SELECT 1').catch(({ code }) => code);
    expect(failure).to.equal('ECONNREFUSED');
    await server.start();
  });

  it('restarts without its data when started empty', async () => {
    const url = await server.createDatabase();
    await server.stop();
    await server.start('empty');
    const failure = await query(url, 'SELECT 1').catch(({ code }) => code);
    expect(failure).to.equal('ER_BAD_DB_ERROR');
  });

  it('flushes each commit when it must be durable, and accepts other settings', async () => {
    const settings = { 'max-connections': '50' };
    await using other = await startMysql({ sources: OWN, durable: true, settings });
    const [row] = await query(
      other.url,
      'SELECT @@innodb_flush_log_at_trx_commit AS flush, @@max_connections AS connections',
    );
    expect(row).to.deep.equal({ flush: 1, connections: 50 });
  });

  it('keeps running when it was given, and drops the databases that were created on it', async () => {
    const given = await startMysql({ given: server.url });
    const url = await given.createDatabase();
    await given.close();
    const failure = await query(url, 'SELECT 1').catch(({ code }) => code);
    expect(failure).to.equal('ER_BAD_DB_ERROR');
    expect(await query(server.url, 'SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
  });
});

function query(url: string, statement: string): Promise<RowDataPacket[]> {
  return withConnection(url, async (connection: Connection) => {
    const [rows] = await connection.query(statement);
    return (rows as RowDataPacket[]).map?.((row) => ({ ...row })) ?? [];
  });
}
