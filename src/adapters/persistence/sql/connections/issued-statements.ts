/** Values of a statement's parameters, by position. */
export type Values = readonly unknown[];

export interface Statement {
  readonly sql: string;
  readonly values: Values;
  /**
   * `read` returns rows; the others return how many rows they changed. The server keeps a `read` and a
   * `change` prepared, because they come often.
   */
  readonly kind: 'read' | 'change' | 'rareChange';
}

/** The rows of a read, or what a change did. */
export type Result = readonly object[] | { readonly affectedRows?: number };

/**
 * Sends statements in their order, until one fails. Then it calls `ended` once, with the results of the
 * statements before the one that failed, and with the error if one failed.
 */
export type Send = (
  statements: readonly Statement[],
  ended: (results: readonly Result[], error?: unknown) => void,
) => void;

/** A connection that sends what is issued together in one round trip. */
export interface RoundTrips {
  readonly send: Send;
  /**
   * Begins a transaction together with the next statement, whose result shows whether it began.
   *
   * @param type SQLite: when it locks the file, such as `IMMEDIATE`; MySQL has no types
   */
  beginWithNext(type: string): void;
  /** Forgets a begin that no statement came after. Returns whether there was one. */
  forgetBegin(): boolean;
}

/** A statement that has no result yet. */
interface PendingStatement extends Statement {
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** A statement that is sent in another way, which also resolves it. */
interface PendingCall {
  send(): Promise<void>;
  reject(error: unknown): void;
}

/** A statement came after the failure or after the end of its transaction, and was not sent. */
export class ClosedTransactionError extends Error {
  override readonly name = 'ClosedTransactionError';
}

/**
 * The statements of one transaction on one connection.
 *
 * Statements that are issued in the same turn of the event loop are sent together, and later ones when
 * these have ended. When a statement fails, those that were issued before its failure was known are
 * not run and fail with its error. Any later statement except a rollback is refused. For the server
 * may have rolled back the transaction, and would commit each of them alone.
 */
export class IssuedStatements {
  #waiting: (PendingStatement | PendingCall)[] = [];
  /** Whether statements are on their way, or will be sent at the end of this turn. */
  #isBusy = false;
  /** Whether the statement on its way is one that is sent alone. */
  #isCalling = false;
  #isRollingBack = false;
  #isEnded = false;
  #failure: { readonly cause: unknown } | undefined;
  /** For a connection that is kept without a transaction, so that no failure undoes anything. */
  isOpenAfterFailure = false;

  constructor(private readonly send: Send) {}

  /** Whether nothing is on its way, and more may come. */
  get isIdle(): boolean {
    return !this.#isBusy && !this.#isEnded;
  }

  /** @throws ClosedTransactionError a statement failed earlier, or the transaction has ended */
  run(sql: string, values: Values, kind: Statement['kind']): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#issue({ sql, values, kind, resolve, reject }, sql);
    });
  }

  /**
   * Calls `send`, which sends this one statement in another way, when those before it have ended.
   * @throws ClosedTransactionError a statement failed earlier, or the transaction has ended
   */
  runAlone<T>(sql: string, send: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#issue({ send: async () => resolve(await send()), reject }, sql);
    });
  }

  /** Refuses whatever comes from now on, since the transaction has ended. */
  end(): void {
    this.#isEnded = true;
  }

  #issue(issued: PendingStatement | PendingCall, sql: string): void {
    const isRollback = sql.startsWith('ROLLBACK');
    // @plant statement-after-failure-refused
    if (this.#isEnded || (this.#failure && !isRollback)) {
      issued.reject(this.#refusal());
      return;
    }
    if (isRollback || sql.startsWith('COMMIT')) this.end();
    if (isRollback) this.#rejectWaiting(this.#refusal());
    this.#isRollingBack = isRollback;
    this.#waiting.push(issued);
    if (!this.#isBusy) {
      this.#isBusy = true;
      queueMicrotask(() => this.#sendNext());
    } else if (isRollback && this.#isCalling) {
      // Sequelize rolls back inside of its statement when that statement was in a deadlock.
      this.#sendNext();
    }
  }

  #refusal(): ClosedTransactionError {
    if (this.#isEnded) return new ClosedTransactionError('The transaction has ended.');
    const why = 'A statement of this transaction has failed, so it can only be rolled back.';
    return new ClosedTransactionError(why, this.#failure);
  }

  #sendNext(): void {
    const [first] = this.#waiting;
    if (!first) this.#isBusy = false;
    else if ('send' in first) void this.#sendCall(first);
    else this.#sendStatements(this.#takeStatements());
  }

  async #sendCall(first: PendingCall): Promise<void> {
    this.#waiting.shift();
    this.#isCalling = true;
    try {
      await first.send();
    } catch (error) {
      first.reject(error);
      this.#fail(error);
    }
    this.#isCalling = false;
    this.#sendNext();
  }

  /** Those up to the first one that is sent alone. */
  #takeStatements(): readonly PendingStatement[] {
    const all = this.#waiting;
    const end = all.findIndex((each) => 'send' in each);
    this.#waiting = end < 0 ? [] : all.splice(end);
    return all as PendingStatement[];
  }

  #sendStatements(statements: readonly PendingStatement[]): void {
    const ended = (results: readonly Result[], error?: unknown) => {
      for (const [i, result] of results.entries()) statements[i]?.resolve(result);
      const failed = statements.slice(results.length);
      // An error is made only when there is one: it records where it was made, which takes time.
      if (failed.length > 0) {
        const cause = error ?? new TypeError('The server sent too few results.');
        for (const { reject } of failed) reject(cause);
        this.#fail(cause);
      }
      this.#sendNext();
    };
    try {
      this.send(statements, ended);
    } catch (error) {
      // The driver did not send it, for example because of a value of an unknown kind.
      ended([], error);
    }
  }

  #fail(cause: unknown): void {
    if (this.isOpenAfterFailure) return;
    this.#failure ??= { cause };
    // A rollback has rejected all that waited, and waits alone.
    // @plant waiting-after-failure-refused
    if (!this.#isRollingBack) this.#rejectWaiting(cause);
    // @end waiting-after-failure-refused
  }

  #rejectWaiting(error: unknown): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
