import { QueryTypes, type Sequelize } from 'sequelize';

const EVERY_MS = 5;

/**
 * The most connections to a schema at one moment, as the server counts them. A pool opens a new
 * connection only when all others are in use, so with new pools this is the number needed at once.
 */
export class ConnectionPeak implements AsyncDisposable {
  #peak = 0;
  #isOver = false;
  readonly #watching: Promise<void>;

  /** `sequelize` is connected to another schema, so it does not count itself. */
  constructor(
    private readonly sequelize: Sequelize,
    private readonly schema: string,
  ) {
    this.#watching = this.#watch();
    // `stop` reports a failure, possibly much later.
    this.#watching.catch(() => {});
  }

  async stop(): Promise<number> {
    this.#isOver = true;
    await this.#watching;
    return this.#peak;
  }

  /** Call it before the connection is closed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#watching.catch(() => {});
  }

  async #watch(): Promise<void> {
    while (!this.#isOver) {
      this.#peak = Math.max(this.#peak, await this.#count());
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  }

  async #count(): Promise<number> {
    const sql = 'SELECT COUNT(*) AS open FROM information_schema.processlist WHERE db = ?';
    const [row] = await this.sequelize.query<{ open: number }>(sql, {
      type: QueryTypes.SELECT,
      replacements: [this.schema],
    });
    return Number(row?.open);
  }
}
