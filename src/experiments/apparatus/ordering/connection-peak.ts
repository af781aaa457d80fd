import { QueryTypes, type Sequelize } from 'sequelize';

const EVERY_MS = 5;

/**
 * The most connections that were open to a schema at one moment, as the server counts them. A pool
 * opens one only when all it has are in use, so with new pools this is what was needed at once.
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
    // Told to whoever stops it, who may come long after it.
    this.#watching.catch(() => {});
  }

  async stop(): Promise<number> {
    this.#isOver = true;
    await this.#watching;
    return this.#peak;
  }

  /** Before its connection is closed, also when what was watched has failed. */
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
