/**
 * What was found, in the order it was asked for.
 * @throws what `missing` makes of the first id that was not found
 */
export function allOf<T>(
  ids: readonly string[],
  found: ReadonlyMap<string, T>,
  missing: (id: string) => Error,
): T[] {
  return ids.map((id) => {
    const item = found.get(id);
    if (item === undefined) throw missing(id);
    return item;
  });
}
