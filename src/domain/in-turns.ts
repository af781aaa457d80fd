/**
 * Serves owners in turn: the first item of each, then the second of each, and so on. Within a turn,
 * and within what belongs to one owner, the order stays as it was. Items without an owner count as
 * one owner's.
 */
export function inTurns<T>(
  items: readonly T[],
  ownerOf: (item: T) => string | undefined,
): readonly T[] {
  const counts = new Map<string | undefined, number>();
  const turns = items.map((item) => {
    const owner = ownerOf(item);
    const turn = counts.get(owner) ?? 0;
    counts.set(owner, turn + 1);
    return { item, turn };
  });
  return counts.size <= 1 ? items : turns.sort((a, b) => a.turn - b.turn).map(({ item }) => item);
}
