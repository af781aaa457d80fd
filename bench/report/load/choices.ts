/** A number from 0 (inclusive) to 1 (exclusive). */
export type Random = () => number;

/** The same numbers for the same seed (mulberry32), so that every mode is asked the same. */
export function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number below `count`, all alike. */
export function uniform(count: number, random: Random): () => number {
  return () => Math.floor(random() * count);
}

/** The same by Zipf's law with exponent 1: the n-th is drawn n times as seldom as the first. */
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
