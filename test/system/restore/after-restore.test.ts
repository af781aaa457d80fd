import { expect } from 'chai';
import { v7 } from 'uuid';
import { separateRestored } from '../../../src/adapters/persistence/sql/after-restore.js';
import { SqlOutboxQueries } from '../../../src/adapters/persistence/sql/aggregates/outbox.js';
import { SameInstallationCheck } from '../../../src/adapters/persistence/sql/connections/same-installation-check.js';
import type { SqlDatabase } from '../../../src/adapters/persistence/sql/connections/sql-database.js';
import {
  findInstallationId,
  installationId,
  installationSecret,
} from '../../../src/adapters/persistence/sql/installation.js';
import { SqlTransactions } from '../../../src/adapters/persistence/sql/sql-transactions.js';
import { OrderRequest } from '../../../src/domain/orders/order-request.js';
import { openTestMysql, openTestSqlite } from '../../adapters/persistence/databases.js';
import { rejection } from '../../support/rejection.js';

const USER = 'alice';

/** Accepted requests of one product, in the order of their acceptance. */
async function accept(database: SqlDatabase, count: number): Promise<OrderRequest[]> {
  const productId = v7();
  const tx = await new SqlTransactions(database).begin();
  const accepted: OrderRequest[] = [];
  for (let i = 0; i < count; i++) {
    const fields = { id: v7(), userId: USER, items: [{ productId, quantity: 1 }] };
    accepted.push(await tx.orderRequests.save(OrderRequest.accept(fields, new Date(1_000 * i))));
  }
  await tx.commit();
  return accepted;
}

for (const [name, open] of [
  ['SQLite', openTestSqlite],
  ['MySQL', openTestMysql],
] as const) {
  describe(`The last step of a restore on ${name}`, () => {
    let resources: AsyncDisposableStack;
    let database: SqlDatabase;

    beforeEach(async () => {
      resources = new AsyncDisposableStack();
      database = await open(resources);
    });

    afterEach(() => resources.disposeAsync());

    it('gives the database another id each time, and keeps its secret', async () => {
      const { sequelize } = database;
      const before = await installationId(sequelize);
      const secret = await installationSecret(sequelize);
      const first = await separateRestored(database);
      const second = await separateRestored(database);
      expect([first.formerId, second.formerId]).to.deep.equal([before, first.id]);
      expect(new Set([before, first.id, second.id])).to.have.property('size', 3);
      expect(await findInstallationId(sequelize)).to.equal(second.id);
      expect(await installationSecret(sequelize)).to.deep.equal(secret);
    });

    it('gives an id to a database that had none', async () => {
      const { formerId, id } = await separateRestored(database);
      expect(formerId).to.equal(undefined);
      expect(await installationId(database.sequelize)).to.equal(id);
    });

    it('makes an instance not ready that started before it', async () => {
      const { sequelize } = database;
      const check = new SameInstallationCheck(sequelize, await installationId(sequelize));
      await check.check();
      const { id } = await separateRestored(database);
      expect(await rejection(check.check()))
        .to.have.property('message')
        .that.matches(/restart the instance$/);
      await new SameInstallationCheck(sequelize, id).check();
    });

    it('queues every open request once, in the order of acceptance, and no settled one', async () => {
      const [left, settled, waiting, late] = (await accept(database, 4)) as [
        OrderRequest,
        OrderRequest,
        OrderRequest,
        OrderRequest,
      ];
      const tx = await new SqlTransactions(database).begin();
      const messageOf = ({ key, state }: OrderRequest) => ({
        key,
        requestId: state.id,
        userId: USER,
      });
      // The first two have left the outbox. One of them was settled before the backup.
      await tx.orderRequests.saveSettled([settled.reject('insufficient_stock')]);
      await tx.outbox.add('orders', [waiting, late].map(messageOf));
      await tx.commit();
      for (let times = 0; times < 2; times++) {
        expect((await separateRestored(database)).queued).to.equal(3);
        const entries = await new SqlOutboxQueries(database.tables.outbox).next('orders', 10);
        expect(entries.map(({ message }) => message)).to.deep.equal(
          [left, waiting, late].map(messageOf),
        );
      }
    });
  });
}
