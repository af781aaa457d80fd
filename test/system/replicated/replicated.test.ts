import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { Transaction } from 'sequelize';
import { openMysql } from '../../../src/adapters/persistence/sql/connections/mysql-database.js';
import type { SqlDatabase } from '../../../src/adapters/persistence/sql/connections/sql-database.js';
import { migrate } from '../../../src/adapters/persistence/sql/migrations/migrate.js';
import {
  ConcurrentUpdateError,
  DependencyUnavailableError,
} from '../../../src/domain/ports/failures.js';
import type { LocalCluster } from '../../../tools/cluster/local-cluster.js';
import { eventually } from '../../../tools/servers/eventually.js';
import { withConnection } from '../../../tools/servers/mysql/mysql-connection.js';
import type { Server } from '../../../tools/servers/server.js';
import { rejection } from '../../support/rejection.js';
import { killsOfEach } from '../faults/replicated/faults.js';
import { breakUnderLoad, startReplicated } from '../faults/replicated/run-replicated.js';
import { victimsOf } from '../faults/replicated/victims.js';
import { replicated } from '../faults/scenarios/replicated.js';
import { brokenClaims } from '../faults/support/fault-scenario.js';
import { details } from '../faults/support/summary.js';

/** Longest time for a member to leave or join the others; it waits for silent ones. */
const MEMBERSHIP_MS = 90_000;

/** The short version of `npm run faults -- replicated`. */
const KILLED_MS = 500;
const REQUESTS_PER_SECOND = 20;
/** Until all customers have sent something. */
const WARM_UP_MS = 2_000;
/** Shorter than the time limit of the test, so that a failure says what did not recover. */
const RECOVERY_MS = 90_000;

describe('A cluster of several servers of each engine', function () {
  this.timeout(300_000);
  let cluster: LocalCluster;
  const open: SqlDatabase[] = [];

  before(async () => {
    cluster = await startReplicated();
  });

  afterEach(async () => {
    await Promise.all(open.splice(0).map((database) => database.close()));
  });

  after(() => cluster?.close());

  function databaseAt({ url }: Server): SqlDatabase {
    const times = { acquireMs: 10_000, connectMs: 5_000, queryMs: 30_000 };
    const database = openMysql({ url, poolMax: 5, ...times });
    open.push(database);
    return database;
  }

  function member(number: number): Server {
    return cluster.replicated?.galera.members[number - 1] as Server;
  }

  it('has its tables on each member of Galera after one instance has made them', async () => {
    expect(await migrate(databaseAt(member(2)).sequelize)).to.deep.equal([]);
    await run(member(1), 'CREATE TABLE counts (id INTEGER PRIMARY KEY, count INTEGER NOT NULL)');
    await run(member(1), 'INSERT INTO counts VALUES (1, 0), (2, 0), (3, 0)');
  });

  it('reports the commit that lost against another member as a conflict', async () => {
    const winner = await begun(databaseAt(member(1)), 1);
    const loser = await begun(databaseAt(member(2)), 1);
    await winner.commit();
    expect(await rejection(loser.commit())).to.be.instanceOf(ConcurrentUpdateError);
    expect(await countAt(member(1), 1)).to.equal(1);
  });

  it('reads on a new connection what another member has answered before', async () => {
    const behind = databaseAt(member(2));
    await withConnection(member(2).url, async (connection) => {
      // The member receives writes, and does not apply them until the tables are unlocked.
      await connection.query('FLUSH TABLES WITH READ LOCK');
      await run(member(1), 'UPDATE counts SET count = 7 WHERE id = 2');
      const read = behind.sequelize.query('SELECT count FROM counts WHERE id = 2', { plain: true });
      // Enough for a read that does not wait, which would answer the old count.
      await sleep(1_000);
      await connection.query('UNLOCK TABLES');
      expect(await read).to.deep.equal({ count: 7 });
    });
  });

  it('does not call a commit refused when its member lost the others', async () => {
    const cutOff = member(3);
    const transaction = await begun(databaseAt(cutOff), 3);
    await isolate(cutOff, true);
    try {
      const error = await rejection(transaction.commit());
      expect(error).to.be.instanceOf(DependencyUnavailableError);
      const later = await rejection(begun(databaseAt(cutOff), 3));
      expect(later).to.be.instanceOf(DependencyUnavailableError);
    } finally {
      await isolate(cutOff, false);
    }
    await eventually(() => expectSize(cutOff, 3), { withinMs: MEMBERSHIP_MS });
  });

  it('loses, doubles and oversells nothing while a process of each kind is killed', async () => {
    const faults = killsOfEach(victimsOf(cluster), KILLED_MS);
    const outcome = await breakUnderLoad(cluster, faults, {
      rate: REQUESTS_PER_SECOND,
      warmUpMs: WARM_UP_MS,
      recoveryMs: RECOVERY_MS,
    });
    const shown = details({ scenario: replicated, outcome });
    expect(brokenClaims(outcome), shown).to.deep.equal([]);
    expect(outcome.done, shown).to.have.lengthOf(faults.length);
  });
});

async function begun({ sequelize }: SqlDatabase, id: number): Promise<Transaction> {
  const transaction = await sequelize.transaction();
  try {
    await sequelize.query(`UPDATE counts SET count = count + 1 WHERE id = ${id}`, { transaction });
  } catch (error) {
    // An open transaction would keep its connection, and the close of the pool would wait for it.
    await transaction.rollback().catch(() => undefined);
    throw error;
  }
  return transaction;
}

async function run({ url }: Server, sql: string): Promise<void> {
  await withConnection(url, (connection) => connection.query(sql));
}

async function countAt({ url }: Server, id: number): Promise<unknown> {
  return withConnection(url, async (connection) => {
    const [rows] = await connection.query(`SELECT count FROM counts WHERE id = ${id}`);
    return (rows as unknown as readonly { readonly count: number }[])[0]?.count;
  });
}

/** Galera's own way to cut a member off: it neither sends to nor hears the others. */
async function isolate(member: Server, isCutOff: boolean): Promise<void> {
  await run(member, `SET GLOBAL wsrep_provider_options = 'gmcast.isolate=${isCutOff ? 1 : 0}'`);
}

async function expectSize({ url }: Server, size: number): Promise<void> {
  await withConnection(url, async (connection) => {
    const [rows] = await connection.query("SHOW GLOBAL STATUS LIKE 'wsrep_cluster_size'");
    const [row] = rows as unknown as readonly { readonly Value: string }[];
    expect(Number(row?.Value)).to.equal(size);
  });
}
