/** Redis cannot be reached, gave no answer in time, or answered with an error (the `cause`). */
export class RedisUnavailableError extends Error {
  override readonly name = 'RedisUnavailableError';

  constructor(cause: unknown) {
    super('redis is not available', { cause });
  }
}
