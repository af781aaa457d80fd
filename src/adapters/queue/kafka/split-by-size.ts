/** Splits a list into parts of at most `maxSize`; an item that is larger is a part of its own. */
export function splitBySize<T>(
  items: readonly T[],
  sizeOf: (item: T) => number,
  maxSize: number,
): T[][] {
  const parts: T[][] = [];
  let room = 0;
  for (const item of items) {
    const size = sizeOf(item);
    if (parts.length === 0 || size > room) {
      parts.push([]);
      room = maxSize;
    }
    parts.at(-1)?.push(item);
    room -= size;
  }
  return parts;
}
