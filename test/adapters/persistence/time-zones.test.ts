import { execFile, type PromiseWithChild } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { v7 } from 'uuid';
import { MemoryDatabase } from '../../../src/adapters/persistence/memory/memory-database.js';
import { MemoryTransactions } from '../../../src/adapters/persistence/memory/memory-transactions.js';
import { MemorySalesQueries } from '../../../src/adapters/persistence/memory/sales.js';
import type { DatabaseServer } from '../../../tools/servers/mysql/database-server.js';
import { startMysql } from '../../../tools/servers/mysql/start-mysql.js';
import { temporaryFolder } from './databases.js';
import { readSales, SalesAtEdges, type ZoneReading } from './support/sales-at-edges.js';

const execute = promisify(execFile);
const PROGRAM = path.join(import.meta.dirname, 'support', 'zone-process.js');

const ZONES = ['UTC', 'Asia/Seoul', 'America/New_York'];

/** Where a process finds the database: at the address of a server, or in a file. */
type OpenPlace = (resources: AsyncDisposableStack) => Promise<string>;

const onServer = (start: () => Promise<DatabaseServer>) => async (stack: AsyncDisposableStack) =>
  stack.use(await start()).createDatabase();

const PLACES: readonly (readonly [string, OpenPlace])[] = [
  ['SQLite', async (stack) => path.join(await temporaryFolder(stack), 'zones.sqlite')],
  ['MySQL', onServer(() => startMysql())],
  [
    'MySQL on a server in Korean time',
    onServer(() =>
      startMysql({
        sources: ['docker', 'binary'],
        settings: { 'default-time-zone': '+09:00' },
      }),
    ),
  ],
];

/** A process in a time zone, which has sold a product. */
class ZoneProcess {
  private constructor(private readonly running: PromiseWithChild<{ stdout: string }>) {}

  static async sell(zone: string, place: string, productId: string): Promise<ZoneProcess> {
    const running = execute(process.execPath, [PROGRAM, place, productId], {
      env: { ...process.env, TZ: zone },
    });
    await Promise.race([once(running.child.stdout ?? running.child, 'data'), running]);
    return new ZoneProcess(running);
  }

  /** What all processes sold until now. Ends the process. */
  async read(): Promise<ZoneReading> {
    this.running.child.stdin?.end();
    const { stdout } = await this.running;
    return JSON.parse(stdout.split('\n').at(-2) ?? '');
  }
}

/**
 * What a process in any zone must read of the sales of all processes, computed without SQL and
 * text.
 */
async function expected(productIds: readonly string[]): Promise<ZoneReading> {
  const database = new MemoryDatabase();
  const transactions = new MemoryTransactions(database);
  for (const productId of productIds) await new SalesAtEdges(transactions).sellAll(productId);
  return readSales(new MemorySalesQueries(database));
}

for (const [name, open] of PLACES) {
  describe(`Times in ${name}, of processes in several time zones`, () => {
    it('are equal in all processes, at the end of a day and at a change of daylight saving time', async () => {
      await using resources = new AsyncDisposableStack();
      const place = await open(resources);
      const productIds = ZONES.map(() => v7());
      const sell = (zone: string, i: number) => ZoneProcess.sell(zone, place, productIds[i] ?? '');
      const processes = await Promise.all(ZONES.map(sell));
      const reading = await expected(productIds);
      expect(reading.tops.flatMap(({ sold }) => sold)).not.to.deep.equal([]);
      const readings = await Promise.all(processes.map((each) => each.read()));
      for (const [i, read] of readings.entries()) {
        expect(read, `read in ${ZONES[i]}`).to.deep.equal(reading);
      }
    });
  });
}
