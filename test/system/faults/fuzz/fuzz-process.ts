import { pino } from 'pino';
import { createContainer } from '../../../../src/config/container.js';
import { readSettings } from '../../../../src/config/settings/settings.js';
import { LockPort } from '../../../../src/domain/ports/lock-port.js';
import { TransactionPort } from '../../../../src/domain/ports/transaction-port.js';
import { UnitOfWork } from '../../../../src/domain/ports/unit-of-work.js';
import { Random } from '../support/random.js';
import { EventLog } from './event-log.js';
import { fuzzUnit } from './fuzz-unit.js';
import { type Plant, plantedLock, UncheckedLock, UnguardedTransactions } from './planted.js';
import { WitnessLock } from './witness-lock.js';

/** The command line of a process of the fuzz run. */
export interface FuzzOrder {
  readonly log: string;
  readonly seed: number;
  readonly waiters: number;
  readonly users: readonly string[];
  readonly plants: readonly Plant[];
}

/** The product's own wiring, with a witness around its lock and perhaps a planted fault. */
async function work(order: FuzzOrder, log: EventLog): Promise<void> {
  await using resources = new AsyncDisposableStack();
  const settings = readSettings({ ...process.env });
  const container = await createContainer(settings, pino({ level: 'silent' }), resources);
  const witness = new WitnessLock(plantedLock(container.get(LockPort), order.plants), log);
  resources.defer(() => witness.close());
  const isUnguarded = order.plants.includes('no-guards');
  const transactions = container.get(TransactionPort);
  container.rebind(LockPort).toConstantValue(isUnguarded ? new UncheckedLock(witness) : witness);
  if (isUnguarded) {
    const unguarded = new UnguardedTransactions(transactions);
    container.rebind(TransactionPort).toConstantValue(unguarded);
  }
  const unitOfWork = container.get(UnitOfWork);
  let stopped = false;
  process.once('message', () => {
    stopped = true;
  });
  process.send?.('ready');
  const random = new Random(order.seed);
  const lines = Array.from({ length: order.waiters }, async () => {
    const own = new Random(random.seed());
    while (!stopped) await fuzzUnit(unitOfWork, order.users, settings.LOCK_LEASE_MS, own, log);
  });
  await Promise.all(lines);
}

const order = JSON.parse(process.argv[2] ?? '{}') as FuzzOrder;
const log = new EventLog(order.log);
const stray = (reason: unknown) =>
  log.note({ event: 'stray', reason: String((reason as Error)?.stack ?? reason) });
process.on('unhandledRejection', stray);
process.on('warning', stray);
// The parent process, which would send the stop signal, has ended.
process.once('disconnect', () => process.exit(1));

await work(order, log);
process.removeAllListeners('disconnect');
process.disconnect();
