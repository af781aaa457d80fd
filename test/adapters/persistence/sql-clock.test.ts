import { expect } from 'chai';
import type { SqlDatabase } from '../../../src/adapters/persistence/sql/connections/sql-database.js';
import { SqlClock } from '../../../src/adapters/persistence/sql/sql-clock.js';
import { eventually } from '../../../tools/servers/eventually.js';
import { openTestMysql, openTestSqlite } from './databases.js';

const HOUR = 3_600_000;

/** The real time, also when a test replaces Date. */
const realNow = Date.now;

for (const [name, open] of [
  ['SQLite', openTestSqlite],
  ['MySQL', (resources: AsyncDisposableStack) => openTestMysql(resources, 1)],
] as const) {
  describe(`The clock of ${name}`, () => {
    let resources: AsyncDisposableStack;
    let database: SqlDatabase;
    let clock: SqlClock | undefined;

    before(async () => {
      resources = new AsyncDisposableStack();
      database = await open(resources);
    });

    afterEach(() => {
      clock?.stop();
      Date.now = realNow;
    });

    after(() => resources.disposeAsync());

    // The database of a test has the time of this machine. A busy machine adds delays.
    const expectReal = (time: Date | undefined) =>
      expect(Math.abs(Number(time) - realNow())).to.be.lessThan(5_000);

    it('shows the time of the database, even when the clock of the process is wrong', async () => {
      for (const skewMs of [HOUR, -HOUR]) {
        Date.now = () => realNow() + skewMs;
        clock = await SqlClock.start(database.sequelize);
        expectReal(clock.now());
        Date.now = () => realNow() - skewMs;
        expectReal(clock.now());
        clock.stop();
      }
    });

    it('continues while the database is down', async () => {
      const closing = new AsyncDisposableStack();
      clock = await SqlClock.start((await open(closing)).sequelize);
      await closing.disposeAsync();
      const before = clock.now();
      await eventually(() =>
        expect(Number(clock?.now())).to.be.greaterThan(Number(before) + 1_200),
      );
      expectReal(clock.now());
    });

    if (name === 'SQLite') return;

    it('follows the database when its time jumps, as after a failover', async () => {
      const { sequelize } = database;
      clock = await SqlClock.start(sequelize);
      for (const skewMs of [HOUR, -HOUR]) {
        // Sets the clock of the pool's only connection. In MySQL this changes NOW() and
        // UTC_TIMESTAMP().
        await sequelize.query(`SET timestamp = ${(realNow() + skewMs) / 1_000}`);
        await eventually(() => expectReal(new Date(Number(clock?.now()) - skewMs)));
      }
      await sequelize.query('SET timestamp = DEFAULT');
      await eventually(() => expectReal(clock?.now()));
    });
  });
}
