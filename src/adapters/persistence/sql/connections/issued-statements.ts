/** Values of a statement's parameters, by position. */
export type Values = readonly unknown[];

/** A statement that was issued and has no result yet. */
export interface Issued<Result> {
  readonly sql: string;
  readonly values: Values;
  /** Whether the server is to keep it prepared, because it comes often. */
  readonly isFrequent: boolean;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** Sends statements in their order, until one fails, and settles each. */
type Send<Result> = (statements: readonly Issued<Result>[]) => void;

/**
 * The statements of one transaction on one connection.
 *
 * Statements that are issued in the same turn of the event loop are sent together. When one of them
 * fails, those after it are not run and fail with its error: the server may have rolled back the
 * transaction, and would commit each of them alone.
 */
export class IssuedStatements<Result> {
  #waiting: Issued<Result>[] = [];
  #isScheduled = false;

  constructor(private readonly send: Send<Result>) {}

  run(sql: string, values: Values, isFrequent: boolean): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ sql, values, isFrequent, resolve, reject });
      if (this.#isScheduled) return;
      this.#isScheduled = true;
      queueMicrotask(() => this.sendWaiting());
    });
  }

  /** Sends this statement together with the next one, whose result shows whether both were run. */
  runWithNext(sql: string): void {
    this.#waiting.push({ sql, values: [], isFrequent: false, resolve: noop, reject: noop });
  }

  /** Forgets what `runWithNext` has left, if nothing came after it. Returns whether there was any. */
  forgetWaiting(): boolean {
    const isAny = this.#waiting.length > 0 && !this.#isScheduled;
    if (isAny) this.#waiting = [];
    return isAny;
  }

  /** Sends now what waits, for a statement that is sent in another way after it. */
  sendWaiting(): void {
    const statements = this.#waiting;
    this.#waiting = [];
    this.#isScheduled = false;
    if (statements.length === 0) return;
    try {
      this.send(statements);
    } catch (error) {
      // The driver did not send it, for example because of a value of an unknown kind.
      for (const { reject } of statements) reject(error);
    }
  }
}

function noop(): void {}
