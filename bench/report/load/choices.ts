/** A number from 0 (inclusive) to 1 (exclusive). */
export type Random = () => number;

/** Random numbers from a seed (mulberry32). All modes use the same seed, so they get the same requests. */
export function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Draws integers from 0 to `count` - 1, all with the same probability. */
export function uniform(count: number, random: Random): () => number {
  return () => Math.floor(random() * count);
}

/** Draws integers from 0 to `count` - 1 by Zipf's law with exponent 1: the n-th has 1/n of the first's probability. */
export function zipf(count: number, random: Random): () => number {
  const sums = new Float64Array(count);
  for (let at = 0, sum = 0; at < count; at++) {
    sum += 1 / (at + 1);
    sums[at] = sum;
  }
  const total = sums[count - 1] ?? 0;
  return () => {
    const drawn = random() * total;
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sums[middle] ?? 0) > drawn) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
