/** Waits for all, also after one failed, so that nothing runs on after the end. Throws the first failure. */
export async function atOnce(all: readonly Promise<unknown>[]): Promise<void> {
  const ends = await Promise.allSettled(all);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}
