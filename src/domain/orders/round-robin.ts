/**
 * Sorts items so that owners are served by round robin: first the first item of each owner, then the
 * second item of each owner, and so on. Within a round, and among the items of one owner, the
 * sequence stays the same. Items without an owner count as the items of one owner.
 */
export function roundRobin<T>(
  items: readonly T[],
  ownerOf: (item: T) => string | undefined,
): readonly T[] {
  const counts = new Map<string | undefined, number>();
  const rounds = items.map((item) => {
    const owner = ownerOf(item);
    const round = counts.get(owner) ?? 0;
    counts.set(owner, round + 1);
    return { item, round };
  });
  return counts.size <= 1
    ? items
    : rounds.sort((a, b) => a.round - b.round).map(({ item }) => item);
}
