/** Requests for orders that are settled, and their removal when they are old enough. */
export abstract class SettledOrderRequests {
  /**
   * Removes those that were accepted before, the oldest first, at most `limit`. One that is still
   * queued stays, however old.
   *
   * @returns how many were removed
   */
  abstract purge(before: Date, limit: number): Promise<number>;
}
