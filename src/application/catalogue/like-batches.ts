import type { LikeChange } from '../../domain/catalogue/like.js';
import type { UnitOfWork } from '../../domain/ports/unit-of-work.js';

/** Likes that are committed together at most. */
const LARGEST = 500;

type Batch = Map<string, LikeChange>;

/**
 * Commits the likes of a process in batches, one at a time: who comes while one is under way
 * shares the next (group commit). So a crowd costs few transactions, and each is answered only
 * once its like is durable.
 */
export class LikeBatches {
  private open: { readonly changes: Batch; readonly committed: Promise<void> } | undefined;
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Resolves when the like is committed; of one user's words in a batch, the last counts. */
  add(change: LikeChange): Promise<void> {
    const full = this.open && this.open.changes.size >= LARGEST;
    if (!this.open || full) this.open = this.begin();
    const { changes, committed } = this.open;
    changes.set(JSON.stringify([change.productId, change.userId]), change);
    return committed;
  }

  private begin() {
    const changes: Batch = new Map();
    const committed = this.last.then(() => {
      if (this.open?.changes === changes) this.open = undefined;
      return this.commit([...changes.values()]);
    });
    // A failure is told to those whose likes it concerns; the next batch goes on.
    this.last = committed.catch(() => {});
    return { changes, committed };
  }

  private commit(changes: readonly LikeChange[]): Promise<void> {
    return this.unitOfWork.run({ locks: [] }, (tx) => tx.likes.note(changes));
  }
}
