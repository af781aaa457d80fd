/** Starts all and waits for all, also after one failed: nobody works on when the trial is over. */
export async function atOnce(all: readonly Promise<unknown>[]): Promise<void> {
  const ends = await Promise.allSettled(all);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}
