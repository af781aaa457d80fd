import { AsyncResource } from 'node:async_hooks';
import DataLoader from 'dataloader';

/** Two, so that one slow statement does not delay all later reads. */
const MOST_AT_ONCE = 2;
/** Most reads of a statement. Many, so that no read waits for more than a few statements of a slow database. */
const MOST_READS = 512;

/** Answers the row of each id that exists. */
type ReadMany<Row> = (ids: readonly string[]) => Promise<ReadonlyMap<string, Row>>;

/**
 * Reads rows by id, outside of transactions. A read that comes alone has a statement of its own, at once.
 * Reads that come while statements run share the next one. It begins after all of them came, so none gets
 * an older row than by a statement of its own. When it fails, all of them fail.
 */
export class SharedReads<Row> {
  readonly #loader: DataLoader<string, Row | undefined>;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(private readonly readMany: ReadMany<Row>) {
    this.#loader = new DataLoader((ids) => this.#read(ids), {
      cache: false,
      maxBatchSize: MOST_READS,
      batchScheduleFn: (send) => this.#schedule(send),
    });
  }

  /** The row, or undefined when there is none. */
  get(id: string): Promise<Row | undefined> {
    return this.#loader.load(id);
  }

  /** Called for the first id of a statement; `send` sends those that came until then. */
  #schedule(send: () => void): void {
    // The statement belongs to the request that came first, not to the one whose end made room for it.
    this.#waiting.push(AsyncResource.bind(send));
    queueMicrotask(() => this.#sendNext());
  }

  #sendNext(): void {
    if (this.#running < MOST_AT_ONCE) this.#waiting.shift()?.();
  }

  async #read(ids: readonly string[]): Promise<(Row | undefined)[]> {
    this.#running += 1;
    try {
      const found = await this.readMany([...new Set(ids)]);
      return ids.map((id) => found.get(id));
    } finally {
      this.#running -= 1;
      this.#sendNext();
    }
  }
}
