import type { LikeChange } from '../../domain/catalogue/like.js';
import type { UnitOfWork } from '../../domain/ports/unit-of-work.js';

/** Most likes of one transaction. */
const LARGEST = 500;

type Batch = Map<string, LikeChange>;

/**
 * Commits the likes of a process in batches, one batch at a time. Likes that arrive during a commit
 * share the next batch (group commit). So many likes cost few transactions. A caller gets its answer
 * after its like is durable.
 */
export class LikeBatches {
  #open: { readonly changes: Batch; readonly committed: Promise<void> } | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Resolves after the commit. The last change of a user and a product in a batch counts. */
  add(change: LikeChange): Promise<void> {
    const full = this.#open && this.#open.changes.size >= LARGEST;
    if (!this.#open || full) this.#open = this.#begin();
    const { changes, committed } = this.#open;
    changes.set(JSON.stringify([change.productId, change.userId]), change);
    return committed;
  }

  #begin() {
    const changes: Batch = new Map();
    const committed = this.#last.then(() => {
      if (this.#open?.changes === changes) this.#open = undefined;
      return this.#commit([...changes.values()]);
    });
    // The callers of this batch get its failure; the next batch begins in any case.
    this.#last = committed.catch(() => {});
    return { changes, committed };
  }

  #commit(changes: readonly LikeChange[]): Promise<void> {
    return this.unitOfWork.run({ locks: [] }, (tx) => tx.likes.note(changes));
  }
}
