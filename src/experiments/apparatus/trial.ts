import { randomBytes } from 'node:crypto';
import type { LockPort } from '../../domain/ports/lock-port.js';
import type { Servers } from '../experiment.js';
import { openDatabase } from './open-database.js';
import { forgetKeysAtEnd, openLock } from './open-lock.js';
import { type Note, Timeline } from './timeline.js';
import type { BalanceOutcome, TrialReport } from './trial-report.js';
import { type Refusal, type RequestOrder, TrialRequest } from './trial-request.js';
import type { TrialTable } from './trial-table.js';
import type { WaitFigures } from './wait-figures.js';
import { defineWalletTable, overwrite, type SaveWallet } from './wallet-table.js';
import { ALICE, AMOUNT, OPENING } from './wallet-work.js';
import { type Moments, noMoments } from './worst-moments.js';

export interface TrialSettings {
  /** Database connections that may be needed at once. */
  readonly connections?: number;
  readonly save?: SaveWallet;
  readonly moments?: Moments;
}

interface SendOptions {
  readonly change?: number;
  readonly lock?: LockPort;
  /** A failure that refuses the request; any other that is not expected ends the trial. */
  readonly alsoRefuses?: Refusal;
}

/**
 * One run of a scenario: a table with one wallet, a lock under a prefix of its own, and the
 * timeline. Disposing it removes all of it from the servers.
 */
export class Trial implements AsyncDisposable {
  readonly timeline = new Timeline();
  #acknowledged = 0;
  #refused = 0;

  private constructor(
    readonly names: TrialNames,
    private readonly wallets: TrialTable,
    private readonly lock: LockPort,
    private readonly resources: AsyncDisposableStack,
  ) {}

  static async open(servers: Servers, settings: TrialSettings = {}): Promise<Trial> {
    const { connections = 2, save = overwrite, moments = noMoments } = settings;
    await using building = new AsyncDisposableStack();
    const names = newNames();
    await forgetKeysAtEnd(servers.redisUrl, names.prefix, building);
    const database = openDatabase(servers.databaseUrl, connections, building);
    const table = defineWalletTable(database.sequelize, names.table);
    await table.sync();
    building.defer(() => table.drop());
    await table.create({ userId: ALICE, balance: OPENING, version: 1 });
    // A connection is not to be opened while the others already wait at their worst moment.
    await Promise.all(Array.from({ length: connections }, () => database.sequelize.query('DO 0')));
    const { port: lock } = await openLock(servers.redisUrl, { prefix: names.prefix }, building);
    return new Trial(names, { table, save, moments }, lock, building.move());
  }

  /** Sends a request that changes the balance by `change`, with another lock when one is given. */
  async send(
    name: string,
    order: RequestOrder,
    { change = AMOUNT, lock = this.lock, alsoRefuses }: SendOptions = {},
  ): Promise<boolean> {
    const request = new TrialRequest(this.wallets, lock, this.timeline.noteFor(name));
    const acknowledged = await request.attempt(order, alsoRefuses);
    this.count(acknowledged, change);
    return acknowledged;
  }

  /** Takes the outcome of a request into account; `send` does it by itself. */
  count(acknowledged: boolean, change = AMOUNT): void {
    if (acknowledged) this.#acknowledged += change;
    else this.#refused += 1;
  }

  noteFor(request: string): Note {
    return this.timeline.noteFor(request);
  }

  async report(variant: string, waits?: WaitFigures): Promise<TrialReport<BalanceOutcome>> {
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

/** What a trial is called on the servers. */
export interface TrialNames {
  readonly table: string;
  readonly prefix: string;
}

function newNames(): TrialNames {
  const id = randomBytes(6).toString('hex');
  return { table: `experiment_wallets_${id}`, prefix: `experiment:${id}:` };
}
