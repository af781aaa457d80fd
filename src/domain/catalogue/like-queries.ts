import type { Like } from './like.js';

/** Reads of likes, without lock or transaction. */
export abstract class LikeQueries {
  /** At most `limit` likes that are not yet in their product's count, by product and user. */
  abstract uncounted(limit: number): Promise<Like[]>;
}
