/**
 * Waits for servers that start at the same time. `opened` gets each of them as soon as it runs. After a failure
 * the others still finish their start, so that `opened` can end them.
 *
 * @throws the error of the first that failed
 */
export async function startTogether<
  Starts extends readonly Promise<AsyncDisposable | undefined>[] | [],
>(
  starts: Starts,
  opened: AsyncDisposableStack,
): Promise<{ -readonly [Each in keyof Starts]: Awaited<Starts[Each]> }> {
  const all: readonly Promise<AsyncDisposable | undefined>[] = starts;
  await Promise.allSettled(all.map(async (start) => opened.use(await start)));
  return await Promise.all(starts);
}
