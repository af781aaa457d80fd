import { parentPort, workerData } from 'node:worker_threads';
import type { Servers } from '../../experiment.js';
import { LONGEST_PAUSE_MS, type ThreadMessage } from '../../support/locking/paused-thread.js';
import { mysqlSnapshots } from '../../support/locking/snapshot-transactions.js';
import { TimelineRequest } from '../../support/locking/timeline-request.js';
import type { RunNames } from '../../support/locking/wallet-run.js';
import { defineWalletTable } from '../../support/locking/wallet-table.js';
import { noPauses } from '../../support/locking/worst-case-pauses.js';
import { openDatabase } from '../../support/open-database.js';
import { openLock } from '../../support/open-lock.js';
import { type Note, sharedClock } from '../../support/timeline.js';
import { type HolderVariant, holderVariants } from './paused-holder-variants.js';

/** The data for the thread of the paused holder. It is an instance with its own connections. */
interface HolderData {
  readonly servers: Servers;
  readonly names: RunNames;
  readonly variant: HolderVariant;
  readonly leaseMs: number;
  /** Becomes 1 when the pause is to end. */
  readonly gate: Int32Array;
}

const { servers, names, variant, leaseMs, gate } = workerData as HolderData;
const { save, order } = holderVariants[variant];

const report = (message: ThreadMessage) => parentPort?.postMessage(message);
const note: Note = (step, detail) => report({ step, detail, atMs: sharedClock() });

/** Blocks the thread, including all timers. */
function block(): void {
  note('paused');
  Atomics.wait(gate, 0, 0, LONGEST_PAUSE_MS);
  note('resumed');
}

await using resources = new AsyncDisposableStack();
const { sequelize } = openDatabase(servers.databaseUrl, 1, resources);
const table = defineWalletTable(sequelize, names.table);
const { port: lock } = await openLock(
  servers.redisUrl,
  { prefix: names.prefix, leaseMs },
  resources,
);
const wallets = { table, begin: mysqlSnapshots(sequelize), save, pauses: noPauses };
const request = new TimelineRequest(wallets, lock, note);
report({ acknowledged: await request.attempt(order(block)) });
