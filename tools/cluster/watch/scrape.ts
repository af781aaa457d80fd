interface Sample {
  readonly name: string;
  /** As in the text format: `outcome="granted",instance="instance-1"`. */
  readonly labels: string;
  readonly value: number;
}

/** What an instance reported at `/metrics` at one time. */
export class Scrape {
  readonly #byName: ReadonlyMap<string, readonly Sample[]>;

  constructor(
    text: string,
    /** Of `performance.now()`. */
    readonly atMs: number,
  ) {
    const lines = text.matchAll(/^([a-zA-Z_]\w*)(?:\{(.*)\})? (\S+)$/gm);
    const samples = [...lines].map(([, name = '', labels = '', value]) => ({
      name,
      labels,
      value: Number(value),
    }));
    this.#byName = Map.groupBy(samples, ({ name }) => name);
  }

  /** The sum over the series with these labels; undefined where none is known. */
  sum(name: string, labels: RegExp = /^/): number | undefined {
    const values = this.#series(name, labels).map(({ value }) => value);
    const known = values.filter((value) => !Number.isNaN(value));
    return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) : undefined;
  }

  /** Observations up to each bound of a histogram, in the order of the bounds. */
  buckets(name: string, labels: RegExp = /^/): ReadonlyMap<number, number> {
    const sums = new Map<number, number>();
    for (const { labels: own, value } of this.#series(`${name}_bucket`, labels)) {
      const bound = /le="([^"]+)"/.exec(own)?.[1] ?? '';
      const upTo = bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound);
      sums.set(upTo, (sums.get(upTo) ?? 0) + value);
    }
    return new Map([...sums].sort(([a], [b]) => a - b));
  }

  #series(name: string, wanted: RegExp): readonly Sample[] {
    return (this.#byName.get(name) ?? []).filter(({ labels }) => wanted.test(labels));
  }
}
