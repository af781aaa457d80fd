import type { ServerResponse } from 'node:http';
import { HttpProblem } from '../responses/problem.js';

/** Most requests of a kind that may be open at once. */
interface OpenLimits {
  readonly ofUser: number;
  /** Of all users together; without it only each user has a limit. */
  readonly ofInstance?: number;
}

/** Why a request is refused: its user, or this instance, has `open` open requests of the kind. */
type Refuse = (whose: 'user' | 'instance', open: number) => HttpProblem;

/** Limits how many requests of a kind are open at once, from their admission until the end of their response. */
export class OpenRequestLimit {
  readonly #ofUser = new Map<string, number>();
  #open = 0;

  constructor(
    private readonly limits: OpenLimits,
    private readonly refuse: Refuse,
  ) {}

  /**
   * Counts this response until it is closed.
   *
   * @throws HttpProblem the limit is reached
   */
  enter(userId: string, res: ServerResponse): void {
    const own = this.#ofUser.get(userId) ?? 0;
    if (own >= this.limits.ofUser) throw this.refuse('user', own);
    if (this.#open >= (this.limits.ofInstance ?? Infinity)) {
      throw this.refuse('instance', this.#open);
    }
    // A client that has left already would never be counted down.
    if (res.closed) return;
    this.#count(userId, 1);
    res.on('close', () => this.#count(userId, -1));
  }

  #count(userId: string, change: 1 | -1): void {
    const own = (this.#ofUser.get(userId) ?? 0) + change;
    if (own === 0) this.#ofUser.delete(userId);
    else this.#ofUser.set(userId, own);
    this.#open += change;
  }
}

/** Event streams: each keeps a connection open for a long time. */
export function streamLimit(limits: OpenLimits, onRefused = () => {}): OpenRequestLimit {
  return new OpenRequestLimit(limits, (whose, open) => {
    onRefused();
    return tooMany(
      'too_many_streams',
      whose === 'user'
        ? `You already have ${open} open event streams; close one of them first.`
        : 'This instance has too many open event streams; request JSON instead.',
    );
  });
}

/** Writes: those of one user must not fill the queues for locks and connections, in which all wait. */
export function writeLimit(ofUser: number, onRefused = () => {}): OpenRequestLimit {
  return new OpenRequestLimit({ ofUser }, (_whose, open) => {
    onRefused();
    return tooMany(
      'too_many_open_writes',
      `You already have ${open} writes that have no response yet. Nothing was changed; wait for some of them.`,
    );
  });
}

function tooMany(code: 'too_many_streams' | 'too_many_open_writes', detail: string): HttpProblem {
  return new HttpProblem(code, detail, {}, { 'Retry-After': '1' });
}
