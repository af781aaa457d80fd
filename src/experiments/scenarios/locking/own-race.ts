import { setTimeout as pause } from 'node:timers/promises';
import type { RaceStepName } from '../../../adapters/http/lab/race-order.js';
import type { Transaction } from '../../../domain/ports/unit-of-work.js';
import type { Wallet } from '../../../domain/wallets/wallet.js';
import type { Backend, ExperimentOptions } from '../../experiment.js';
import { atOnce } from '../../support/at-once.js';
import type { StepOrder, TimelineRequest } from '../../support/locking/timeline-request.js';
import { WalletRun } from '../../support/locking/wallet-run.js';
import { ALICE, chargeOf } from '../../support/locking/wallet-work.js';
import { noPauses } from '../../support/locking/worst-case-pauses.js';

/** One step of a request, after a pause in milliseconds. */
interface RaceStep {
  readonly do: RaceStepName;
  readonly delayMs: number;
}

/** What one request of a race does, from first to last. */
export interface RaceRequest {
  /** Key of its lock, if it takes one. */
  readonly key: string;
  readonly steps: readonly RaceStep[];
}

/**
 * Longest wait for a lock. Two requests may wait for each other: one for the lock, the other for
 * the row.
 */
const WAIT_MS = 3_000;

/** Runs requests R1, R2, … at once on one wallet, each in its own order of steps. */
export async function runOwnRace(
  backend: Backend,
  requests: readonly RaceRequest[],
  { onStep }: ExperimentOptions = {},
) {
  await using run = await WalletRun.open(backend, {
    connections: requests.length,
    pauses: noPauses,
    ...(onStep && { onStep }),
  });
  await atOnce(requests.map((request, i) => run.send(`R${i + 1}`, orderOf(request))));
  return [await run.report('your own race')];
}

function orderOf({ key, steps }: RaceRequest): StepOrder {
  return async (request) => {
    const state: State = {};
    for (const step of steps) {
      if (step.delayMs > 0) await pause(step.delayMs);
      await STEPS[step.do](request, key, state);
    }
  };
}

/** The results of earlier steps that later steps of the request need. */
interface State {
  lease?: Awaited<ReturnType<TimelineRequest['locks']['acquire']>>;
  tx?: Awaited<ReturnType<TimelineRequest['transactions']['begin']>>;
  wallet?: Wallet;
}

type RunStep = (request: TimelineRequest, key: string, state: State) => Promise<void>;

const STEPS: Readonly<Record<RaceStepName, RunStep>> = {
  lock: async ({ locks }, key, state) => {
    state.lease = await locks.acquire([key], { waitMs: WAIT_MS });
  },
  begin: async ({ transactions }, _key, state) => {
    state.tx = await transactions.begin();
  },
  read: async (_request, _key, state) => {
    state.wallet = await open(state.tx).wallets.get(ALICE);
  },
  write: async (_request, _key, state) => {
    if (!state.wallet) throw new Error('a request writes before it has read');
    await open(state.tx).wallets.save(chargeOf(state.wallet));
  },
  commit: async (_request, _key, { tx }) => {
    await open(tx).commit();
  },
  release: async (_request, _key, { lease }) => {
    if (!lease) throw new Error('a request releases a lock that it has not taken');
    await lease.release();
  },
};

function open<T extends Transaction>(tx: T | undefined): T {
  if (!tx) throw new Error('a request has not begun its transaction');
  return tx;
}
