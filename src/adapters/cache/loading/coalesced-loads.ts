type Run<T> = () => Promise<T>;

interface Line<T> {
  running: Promise<T>;
  next: Promise<T> | undefined;
}

/**
 * Loads past the cache, one at a time for each key: who comes while one runs shares the next.
 *
 * So every reader is answered from a load that began after it came, which no writer can have
 * overtaken before, and a crowd of readers still costs the database one query at a time.
 */
export class CoalescedLoads<T> {
  readonly #lines = new Map<string, Line<T>>();

  run(key: string, load: Run<T>): Promise<T> {
    const line = this.#lines.get(key);
    if (!line) return this.#start(key, load);
    line.next ??= line.running.then(
      () => this.#start(key, load),
      () => this.#start(key, load),
    );
    return line.next;
  }

  #start(key: string, load: Run<T>): Promise<T> {
    const running = load();
    const line: Line<T> = { running, next: undefined };
    this.#lines.set(key, line);
    const ended = () => {
      if (this.#lines.get(key) === line && !line.next) this.#lines.delete(key);
    };
    running.then(ended, ended);
    return running;
  }
}
