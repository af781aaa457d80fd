type Run<T> = () => Promise<T>;

interface KeyLoads<T> {
  running: Promise<T>;
  next: Promise<T> | undefined;
}

/**
 * Loads past the cache, one at a time for each key: readers that come while one runs share the next.
 *
 * So the load of every reader begins after its call, and shows all writes before that call. Still,
 * many readers of one key cost the database one query at a time.
 */
export class BypassLoads<T> {
  readonly #byKey = new Map<string, KeyLoads<T>>();

  run(key: string, load: Run<T>): Promise<T> {
    const loads = this.#byKey.get(key);
    // @plant every-bypass-loads
    if (!loads) return this.#start(key, load);
    loads.next ??= loads.running.then(
      () => this.#start(key, load),
      () => this.#start(key, load),
    );
    return loads.next;
  }

  #start(key: string, load: Run<T>): Promise<T> {
    const running = load();
    const loads: KeyLoads<T> = { running, next: undefined };
    this.#byKey.set(key, loads);
    const ended = () => {
      if (this.#byKey.get(key) === loads && !loads.next) this.#byKey.delete(key);
    };
    running.then(ended, ended);
    return running;
  }
}
