import type { Response } from 'express';
import { HttpProblem } from './problem.js';

/** How many event streams may be open at once. */
interface StreamLimits {
  readonly ofInstance: number;
  readonly ofUser: number;
}

/** Counts the open event streams: each holds a connection for as long as the client likes. */
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
      throw tooMany(`You follow ${own} order requests already; end one of these streams.`);
    }
    if (this.#open >= this.limits.ofInstance) {
      throw tooMany('Too many order requests are followed here; ask for JSON instead.');
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
