/**
 * Waits for all, even after one failed, so that nothing runs afterwards. Throws the first failure.
 */
export async function atOnce(all: readonly Promise<unknown>[]): Promise<void> {
  const ends = await Promise.allSettled(all);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}
