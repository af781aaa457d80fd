import type { LockPort } from '../../../domain/ports/lock-port.js';
import type { Backend, ExperimentOptions } from '../../experiment.js';
import { newRunName } from '../run-name.js';
import type { BalanceOutcome, RunReport } from '../run-report.js';
import { type Note, sharedClock, Timeline } from '../timeline.js';
import type { WaitFigures } from '../wait-figures.js';
import { type Refusal, type StepOrder, TimelineRequest } from './timeline-request.js';
import { openWalletBackend } from './wallet-backend.js';
import type { WalletFixture } from './wallet-fixture.js';
import { defineWalletTable, overwrite, type SaveWallet } from './wallet-table.js';
import { ALICE, AMOUNT, OPENING } from './wallet-work.js';
import { noPauses, type PausePoints } from './worst-case-pauses.js';

export interface WalletRunSettings extends Pick<ExperimentOptions, 'strategy' | 'onStep'> {
  /** Most database connections at once. */
  readonly connections?: number;
  readonly save?: SaveWallet;
  readonly pauses?: PausePoints;
}

interface SendOptions {
  readonly change?: number;
  readonly lock?: LockPort;
  /** A failure that refuses the request; any other unexpected one ends the run. */
  readonly alsoRefuses?: Refusal;
}

/**
 * One run of a scenario: a table with one wallet, a lock under a prefix of its own, and the
 * timeline. Disposing it removes all of it from the servers.
 */
export class WalletRun implements AsyncDisposable {
  #acknowledged = 0;
  #refused = 0;

  private constructor(
    readonly names: RunNames,
    private readonly wallets: WalletFixture,
    private readonly lock: LockPort,
    readonly timeline: Timeline,
    private readonly resources: AsyncDisposableStack,
  ) {}

  static async open(backend: Backend, settings: WalletRunSettings = {}): Promise<WalletRun> {
    const { connections = 2, save = overwrite, pauses = noPauses, strategy, onStep } = settings;
    await using opened = new AsyncDisposableStack();
    const names = newNames();
    const needed = { prefix: names.prefix, connections, strategy };
    const { database, begin, lock } = await openWalletBackend(backend, needed, opened);
    const table = defineWalletTable(database.sequelize, names.table);
    await table.sync();
    opened.defer(() => table.drop());
    await table.create({ userId: ALICE, balance: OPENING, version: 1 });
    const timeline = new Timeline(sharedClock, onStep);
    return new WalletRun(names, { table, begin, save, pauses }, lock, timeline, opened.move());
  }

  /** Sends a request that changes the balance by `change`, with another lock when one is given. */
  async send(
    name: string,
    order: StepOrder,
    { change = AMOUNT, lock = this.lock, alsoRefuses }: SendOptions = {},
  ): Promise<boolean> {
    const request = new TimelineRequest(this.wallets, lock, this.timeline.noteFor(name));
    const acknowledged = await request.attempt(order, alsoRefuses);
    this.count(acknowledged, change);
    return acknowledged;
  }

  /** Counts the outcome of a request; `send` does this itself. */
  count(acknowledged: boolean, change = AMOUNT): void {
    if (acknowledged) this.#acknowledged += change;
    else this.#refused += 1;
  }

  noteFor(request: string): Note {
    return this.timeline.noteFor(request);
  }

  async report(variant: string, waits?: WaitFigures): Promise<RunReport<BalanceOutcome>> {
    const row = await this.wallets.table.findByPk(ALICE, { rejectOnEmpty: true });
    const actual = row.get().balance;
    const expected = OPENING + this.#acknowledged;
    const lostUpdates = Math.abs(expected - actual) / AMOUNT;
    const outcome = { expected, actual, lostUpdates, refused: this.#refused };
    return {
      variant,
      timeline: this.timeline.events,
      outcome: waits ? { ...outcome, waits } : outcome,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.resources.disposeAsync();
  }
}

/** Names of a run on the servers. */
export interface RunNames {
  readonly table: string;
  readonly prefix: string;
}

function newNames(): RunNames {
  const id = newRunName();
  return { table: `experiment_wallets_${id}`, prefix: `experiment:${id}:` };
}
