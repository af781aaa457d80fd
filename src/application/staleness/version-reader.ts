/** Two ways to learn which version of a resource there is. Undefined: none, or none that is known. */
export interface VersionReader {
  /** As a client of this instance would be answered. */
  cached(resource: string): Promise<number | undefined>;
  /** As the database has it. */
  current(resource: string): Promise<number | undefined>;
}
