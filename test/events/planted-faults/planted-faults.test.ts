import { describePlantedFaults, type PlantedFault } from '../../support/planted-faults.js';

const USE_CASES = 'test/events/use-cases.test.js';

const FAULTS: readonly PlantedFault[] = [
  {
    name: 'an event that leaves before its transaction commits',
    suite: USE_CASES,
    caughtBy: 'in MySQL are gone with a transaction that is rolled back, however late',
    changes: [
      {
        file: 'src/adapters/persistence/sql/aggregates/outbox.js',
        from: 'bulkInsert(table, rows, { transaction })',
        to: 'bulkInsert(table, rows)',
      },
    ],
  },
  {
    name: 'a stock that changes in silence',
    suite: USE_CASES,
    caughtBy: 'in memory tell of products that come, and of deliveries',
    changes: [
      {
        file: 'src/application/events/event-recording-stocks.js',
        from: 'if (stock.news)',
        to: "if (stock.news?.reason !== 'restocked')",
      },
    ],
  },
  {
    name: 'an order that expires in silence',
    suite: 'test/application/sweep-expired.test.js',
    caughtBy: 'ends reservations and unpaid orders, tells how late, and says what is next',
    changes: [
      {
        file: 'src/domain/orders/order.js',
        from: "return isDue ? this.become('EXPIRED') : undefined;",
        to: "return isDue ? Order.restore({ ...this.state, status: 'EXPIRED' }) : undefined;",
      },
    ],
  },
  {
    name: 'an event of how the row was before',
    suite: USE_CASES,
    caughtBy: 'in memory tell of an order that is placed, paid and cancelled',
    changes: [
      {
        file: 'src/application/events/event-recording-orders.js',
        from: 'data: factsOf(saved.state)',
        to: 'data: factsOf(order.state)',
      },
    ],
  },
  {
    name: 'a statement for each event',
    suite: USE_CASES,
    caughtBy: 'in memory are told by one statement a transaction, once all it tells of is saved',
    changes: [
      {
        file: 'src/application/unit-of-work/event-recording-unit-of-work.js',
        from: "await tx.outbox.add('events', events);",
        to: "for (const event of events) await tx.outbox.add('events', [event]);",
      },
    ],
  },
  {
    name: 'a sale that counts as often as it is told',
    suite: 'test/ranking/redis-sales-ranking.test.js',
    caughtBy: 'counts a sale once that is told twice, late, or after its return',
    changes: [
      {
        file: 'src/adapters/ranking/scripts/record.lua',
        from: 'local change = counts - known % 2',
        to: 'local change = counts',
      },
      {
        file: 'src/adapters/ranking/scripts/record.lua',
        from: '>= version then return 1 end',
        to: '> version then return 1 end',
      },
    ],
  },
];

describePlantedFaults('The tests of events catch', FAULTS);
