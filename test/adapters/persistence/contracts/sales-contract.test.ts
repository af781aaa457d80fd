import { expect } from 'chai';
import { v7 } from 'uuid';
import { Order } from '../../../../src/domain/orders/order.js';
import type { Sale } from '../../../../src/domain/popularity/sale.js';
import { PastSales } from '../../../support/sales.js';
import { memory, mysql, type Persistence, sqlite } from '../databases.js';
import { emptiedDatabase } from '../support/emptied-database.js';

const at = (time: string) => new Date(`2026-01-02T${time}Z`);

for (const kind of [memory, sqlite, mysql]) {
  describe(`Sales in ${kind.name}`, () => {
    const database = emptiedDatabase(kind);
    let db: Persistence;
    let shop: PastSales;
    let tea: string;
    let cup: string;

    beforeEach(async () => {
      db = database();
      shop = new PastSales(db.transactions);
      // The ids of the products are in this order.
      tea = await shop.addProduct();
      cup = await shop.addProduct();
    });

    const span = { from: at('10:00:00.000'), until: at('10:10:00.000'), bucketMs: 10_000 };
    const ids = (sales: readonly Sale[]) => sales.map(({ paymentId }) => paymentId);

    it('are found by order id, with the sold items', async () => {
      const { state } = await shop.sell({ [cup]: 2, [tea]: 1 }, at('10:00:01.234'));
      await shop.sell({ [cup]: 1 }, at('10:00:01.234'));
      const [sale, ...others] = await db.sales.ofOrders([state.orderId, v7()]);
      expect(others).to.deep.equal([]);
      expect(sale?.items).to.have.deep.members([
        { productId: tea, quantity: 1 },
        { productId: cup, quantity: 2 },
      ]);
      const { items: _, ...rest } = sale as Sale;
      expect(rest).to.deep.equal({
        paymentId: state.id,
        userId: 'alice',
        version: 1,
        counts: true,
        soldAt: at('10:00:01.234'),
      });
    });

    it('are found with their present state, also after a return', async () => {
      const payment = await shop.sell({ [tea]: 1 }, at('10:00:00.000'));
      await shop.refund(payment);
      const [returned] = await db.sales.ofOrders([payment.state.orderId]);
      expect(returned).to.include({ version: 2, counts: false });
    });

    it('do not exist for unpaid orders', async () => {
      const items = [{ productId: tea, quantity: 1, unitPrice: 5 }];
      const order = Order.place({ id: v7(), userId: 'alice', items }, at('10:00:00.000'), 1_000);
      await shop.transact((tx) => tx.orders.save(order));
      expect(await db.sales.ofOrders([order.state.id])).to.deep.equal([]);
      expect(await db.sales.ofOrders([])).to.deep.equal([]);
    });

    it('are summed by product, most units first, and by id when the units are equal', async () => {
      await shop.sell({ [cup]: 3 }, at('10:00:00.000'));
      await shop.sell({ [tea]: 1, [cup]: 1 }, at('10:09:59.999'));
      await shop.sell({ [tea]: 3 }, at('10:05:00.000'));
      const expected = [
        { productId: tea, units: 4 },
        { productId: cup, units: 4 },
      ];
      expect(await db.sales.top(span, 10)).to.deep.equal(expected);
      expect(await db.sales.top(span, 1)).to.deep.equal(expected.slice(0, 1));
    });

    it('count at the time of their payment, and do not count after a return', async () => {
      await shop.sell({ [tea]: 1 }, at('09:59:59.999'));
      await shop.sell({ [tea]: 1 }, at('10:10:00.000'));
      await shop.refund(await shop.sell({ [tea]: 5 }, at('10:05:00.000')));
      expect(await db.sales.top(span, 10)).to.deep.equal([]);
    });

    it('are read page by page from a given time, returned ones included', async () => {
      await shop.sell({ [tea]: 1 }, at('09:59:59.999'));
      const times = [
        '10:00:00.000',
        '10:00:00.001',
        '10:00:00.001',
        '10:00:00.001',
        '11:00:00.000',
      ];
      const sold = [];
      for (const time of times) sold.push(await shop.sell({ [tea]: 1 }, at(time)));
      await shop.refund(sold[0] as (typeof sold)[number]);
      const found: Sale[] = [];
      for (;;) {
        const page = await db.sales.since(span.from, 2, found.at(-1));
        if (page.length === 0) break;
        found.push(...page);
      }
      expect(ids(found)).to.deep.equal(sold.map(({ state }) => state.id));
      expect(found.map(({ counts }) => counts)).to.deep.equal([false, true, true, true, true]);
    });

    it('have one ranking for each window, and a later one replaces it', async () => {
      expect(await db.rankings.find('1d')).to.equal(undefined);
      const ranking = (time: string, units: number) => ({
        window: '1d' as const,
        computedAt: at(time),
        sold: [{ productId: tea, units }],
      });
      for (const [time, units] of [
        ['10:00:00.001', 1],
        ['10:00:00.003', 3],
        ['10:00:00.002', 2],
      ] as const) {
        await shop.transact((tx) => tx.rankings.publish(ranking(time, units)));
      }
      expect(await db.rankings.find('1d')).to.deep.equal(ranking('10:00:00.003', 3));
      expect(await db.rankings.find('7d')).to.equal(undefined);
    });
  });
}
