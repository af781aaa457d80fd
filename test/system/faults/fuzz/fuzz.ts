import { setTimeout as sleep } from 'node:timers/promises';
import { withConnection } from '../../../../tools/servers/mysql/mysql-connection.js';
import { TemporaryFolder } from '../../../../tools/servers/temporary-folder.js';
import type { Env } from '../../../support/backends.js';
import { Random } from '../support/random.js';
import { Crew } from './crew.js';
import { nowMs } from './event-log.js';
import type { EntryLine, FuzzRecord, Ledger, Span, WalletLine } from './fuzz-record.js';
import type { Plant } from './planted.js';

/** A fault. It is over when its promise resolves. */
export interface Fault {
  readonly name: string;
  inflict(stage: FuzzStage): Promise<void>;
}

/** What a fault may use. */
export interface FuzzStage {
  readonly crew: Crew;
  readonly random: Random;
  readonly leaseMs: number;
  /** From when on the lock service had lost its memory, and when it answered again. */
  lost(span: Span): void;
}

export interface FuzzPlan {
  readonly seconds: number;
  readonly seed: number;
  readonly processes: number;
  /** Waiters of each process. */
  readonly waiters: number;
  readonly users: readonly string[];
  readonly waitMs: number;
  readonly leaseMs: number;
  readonly plants?: readonly Plant[];
  /** The faults of one list run one after the other. The lists run at the same time. */
  readonly faults: readonly (readonly Fault[])[];
}

/** A process that has not ended this long after the deadlines of its waiters is stuck. */
const END_TIMEOUT_MS = 15_000;

/**
 * Many waiters of several processes on few keys, through the product's own unit of work. The seed
 * decides the sequence of the faults.
 */
export async function fuzz(plan: FuzzPlan, env: Env): Promise<FuzzRecord> {
  const { seed, leaseMs, waitMs, waiters, users, plants = [] } = plan;
  await using resources = new AsyncDisposableStack();
  const folder = new TemporaryFolder('fuzz');
  resources.defer(() => folder.close());
  const random = new Random(seed);
  const timed = { LOCK_LEASE_MS: String(leaseMs), LOCK_WAIT_MS: String(waitMs) };
  const crew = new Crew({ ...env, ...timed }, folder.path, { waiters, users, plants }, random);
  resources.defer(() => crew.kill());
  await crew.start(plan.processes);

  const losses: Span[] = [];
  const faults: Record<string, number> = {};
  const from = nowMs();
  const end = from + plan.seconds * 1_000;
  const streams = plan.faults.map((list) => {
    const own = new Random(random.seed());
    const stage = { crew, random: own, leaseMs, lost: (span: Span) => losses.push(span) };
    return torment(list, stage, end, faults);
  });
  await Promise.all(streams);
  await sleep(Math.max(0, end - nowMs()));
  const span = { from, to: nowMs() };
  const processes = await crew.stop(waitMs + END_TIMEOUT_MS);
  const ledger = await readLedger(env['DATABASE_URL'] ?? '');
  return { waitMs, leaseMs, processes, losses, faults, span, ledger };
}

/** Runs every fault of the list once before it runs any again. */
async function torment(
  list: readonly Fault[],
  stage: FuzzStage,
  end: number,
  counts: Record<string, number>,
): Promise<void> {
  while (list.length > 0) {
    for (const fault of stage.random.shuffled(list)) {
      await sleep(stage.random.between(400, 1_200));
      if (nowMs() >= end) return;
      await fault.inflict(stage);
      counts[fault.name] = (counts[fault.name] ?? 0) + 1;
    }
  }
}

function readLedger(databaseUrl: string): Promise<Ledger> {
  return withConnection(databaseUrl, async (connection) => {
    const [wallets] = await connection.query(
      'SELECT user_id AS userId, balance, version FROM wallets',
    );
    const [entries] = await connection.query('SELECT id, user_id AS userId FROM wallet_entries');
    return { wallets: wallets as WalletLine[], entries: entries as EntryLine[] };
  });
}
