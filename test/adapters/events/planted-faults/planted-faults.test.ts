import {
  describePlantedFaults,
  type PlantedFault,
} from '../../../support/planting/planted-faults.js';

const USE_CASES = 'test/adapters/events/use-cases.test.js';

const FAULTS: readonly PlantedFault[] = [
  {
    name: 'an event that leaves before its transaction commits',
    suite: USE_CASES,
    caughtBy: 'in MySQL are not stored by a transaction that is rolled back, even at its end',
    changes: [
      { marker: 'outbox-in-transaction', to: 'await this.tables.outbox.bulkCreate(rows);' },
    ],
  },
  {
    name: 'a stock change without an event',
    suite: USE_CASES,
    caughtBy: 'in memory are recorded for new products and for restocks',
    changes: [
      {
        marker: 'stock-event',
        to: "if (change.reason === 'restocked') return; const { productId, version, available, held } = state;",
      },
    ],
  },
  {
    name: 'an order that expires without an event',
    suite: 'test/application/sweep-expired.test.js',
    caughtBy:
      'ends reservations and unpaid orders, reports the delay, and returns the next due time',
    changes: [
      {
        marker: 'order-expired-event',
        to: "return isDue ? Order.restore({ ...this.state, status: 'EXPIRED' }) : undefined;",
      },
    ],
  },
  {
    name: 'an event with the state before the save',
    suite: USE_CASES,
    caughtBy: 'in memory are recorded for an order that is placed, paid and cancelled',
    changes: [
      { marker: 'order-event-state', to: 'await this.inner.save(order); const saved = order;' },
    ],
  },
  {
    name: 'a statement for each event',
    suite: USE_CASES,
    caughtBy: 'in memory are added by one statement of the transaction, after all its changes',
    changes: [
      {
        marker: 'events-in-one-statement',
        to: "for (const event of events) await tx.outbox.add('events', [event]);",
      },
    ],
  },
  {
    name: 'a sale that counts once for each delivery',
    suite: 'test/adapters/ranking/redis-sales-ranking.test.js',
    caughtBy: 'counts a sale once when its event comes twice, late, or after its return',
    changes: [
      { marker: 'sale-change', to: 'local change = counts' },
      { marker: 'sale-version', to: 'if math.floor(known / 2) > version then return 1 end' },
    ],
  },
];

describePlantedFaults('The tests of events catch', FAULTS);
