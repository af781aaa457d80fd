import type { Like, LikeChange } from './like.js';

/**
 * Likes, inside a transaction. A like is durable once it is noted and committed; the count on its
 * product follows later, and no like is ever in it twice or left out for good.
 */
export abstract class LikeRepository {
  /** Keeps what each user said last; no like is named twice. Saying it again changes nothing. */
  abstract note(changes: readonly LikeChange[]): Promise<void>;

  /**
   * Brings the counts of the products up to date as to these likes, whatever was counted before.
   * The versions of the products stay as they are.
   *
   * @returns how many of these likes were not in the count as they are now
   */
  abstract count(likes: readonly Like[]): Promise<number>;
}
