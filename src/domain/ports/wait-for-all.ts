/**
 * Waits until all reads or writes have ended that were issued together, in this order, to one
 * transaction.
 *
 * @throws the error of the first one in the list that failed; those after it were not run
 */
export async function waitForAll(all: readonly (Promise<void> | undefined)[]): Promise<void> {
  for (const outcome of await Promise.allSettled(all)) {
    if (outcome.status === 'rejected') throw outcome.reason;
  }
}
