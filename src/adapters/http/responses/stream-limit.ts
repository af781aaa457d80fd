import type { Response } from 'express';
import { HttpProblem } from './problem.js';

/** Most event streams that may be open at once. */
interface StreamLimits {
  readonly ofInstance: number;
  readonly ofUser: number;
}

/** Limits the open event streams, because each keeps a connection open for a long time. */
export class StreamLimit {
  readonly #ofUser = new Map<string, number>();
  #open = 0;

  constructor(private readonly limits: StreamLimits) {}

  /**
   * Counts this response until it is closed.
   * @throws HttpProblem `too_many_streams`
   */
  enter(userId: string, res: Response): void {
    const own = this.#ofUser.get(userId) ?? 0;
    if (own >= this.limits.ofUser) {
      throw tooMany(`You already have ${own} open event streams; close one of them first.`);
    }
    if (this.#open >= this.limits.ofInstance) {
      throw tooMany('This instance has too many open event streams; request JSON instead.');
    }
    this.#count(userId, 1);
    res.once('close', () => this.#count(userId, -1));
  }

  #count(userId: string, change: 1 | -1): void {
    const own = (this.#ofUser.get(userId) ?? 0) + change;
    if (own === 0) this.#ofUser.delete(userId);
    else this.#ofUser.set(userId, own);
    this.#open += change;
  }
}

function tooMany(detail: string): HttpProblem {
  return new HttpProblem('too_many_streams', detail, {}, { 'Retry-After': '1' });
}
