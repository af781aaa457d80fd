import { parentPort, workerData } from 'node:worker_threads';
import { openDatabase } from '../apparatus/open-database.js';
import { openLock } from '../apparatus/open-lock.js';
import { LONGEST_PAUSE_MS, type ThreadMessage } from '../apparatus/paused-thread.js';
import { type Note, sharedClock } from '../apparatus/timeline.js';
import type { TrialNames } from '../apparatus/trial.js';
import { TrialRequest } from '../apparatus/trial-request.js';
import { defineWalletTable } from '../apparatus/wallet-table.js';
import { noMoments } from '../apparatus/worst-moments.js';
import type { Servers } from '../experiment.js';
import { type HolderVariant, holderVariants } from './paused-holder-variants.js';

/** The thread of the holder that is paused: an instance of its own, with its own connections. */
interface HolderData {
  readonly servers: Servers;
  readonly names: TrialNames;
  readonly variant: HolderVariant;
  readonly leaseMs: number;
  /** Becomes 1 when the pause is to end. */
  readonly gate: Int32Array;
}

const { servers, names, variant, leaseMs, gate } = workerData as HolderData;
const { save, order } = holderVariants[variant];

const tell = (message: ThreadMessage) => parentPort?.postMessage(message);
const note: Note = (step, detail) => tell({ step, detail, atMs: sharedClock() });

/** Blocks the thread, timers and all. */
function standStill(): void {
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
const request = new TrialRequest({ table, save, moments: noMoments }, lock, note);
tell({ acknowledged: await request.attempt(order(standStill)) });
