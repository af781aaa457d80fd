/** Cuts a list into runs of `most` together at the most; what is larger goes alone. */
export function splitBySize<T>(
  items: readonly T[],
  sizeOf: (item: T) => number,
  most: number,
): T[][] {
  const runs: T[][] = [];
  let room = 0;
  for (const item of items) {
    const size = sizeOf(item);
    if (runs.length === 0 || size > room) {
      runs.push([]);
      room = most;
    }
    runs.at(-1)?.push(item);
    room -= size;
  }
  return runs;
}
