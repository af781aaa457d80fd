import type { CountLikes } from '../../application/catalogue/count-likes.js';
import type { JobDefinition } from './job.js';

/** What the job reports. */
export interface LikeCountMetrics {
  likesCounted(likes: number): void;
  likeCountFailed(): void;
}

/** Adds new likes and withdrawn likes to the counts of their products (write-behind). */
export function countLikesJob(
  everyMs: number,
  likes: CountLikes,
  metrics: LikeCountMetrics,
): JobDefinition {
  return {
    name: 'count-likes',
    everyMs,
    run: async () => metrics.likesCounted(await likes.execute()),
    onFailure: () => metrics.likeCountFailed(),
  };
}
