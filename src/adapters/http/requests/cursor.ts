import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Page, PageRequest } from '../../../domain/ports/page.js';
import { HttpProblem } from '../responses/problem.js';

interface PageQueryValues {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** A page that a client requests. */
export interface RequestedPage {
  readonly request: PageRequest;
  /**
   * Whether the page is worth caching: near the start of the list, with a usual limit, and all
   * pages before it had the same limit. Of other pages clients can request any number.
   */
  readonly isUsual: boolean;
  /** Returns the response body with the cursor of the next page. */
  body<T>(page: Page<T>): object;
}

/** Pages of other sizes are not cached. */
const USUAL_LIMITS: ReadonlySet<number> = new Set([10, 20, 50, 100]);
const USUAL_DEPTH = 10;

/** Bytes of a signature: 128 bits cannot be guessed. */
const MAC_BYTES = 16;

/** The content of a cursor: where a page begins. */
interface Position {
  /** Position of the last item of the page before. */
  readonly after: string;
  /** Limit of the pages before; absent after a page that is not usual. */
  readonly limit?: number;
  readonly depth?: number;
}

/**
 * Makes and verifies cursors. They are signed, so a page can begin only where a page of the same list
 * ended. The key is stored in the database, so cursors are valid at every instance and after a
 * restart.
 */
export class Cursors {
  constructor(private readonly key: Uint8Array) {}

  /**
   * @param list the name of the list and its filters, as in its path and category
   * @throws HttpProblem `validation_failed` the cursor does not come from this list
   */
  page(list: readonly (string | undefined)[], { limit, cursor }: PageQueryValues): RequestedPage {
    const name = JSON.stringify(list);
    const start = cursor === undefined ? undefined : this.#read(name, cursor);
    const depth = start ? (start.depth ?? USUAL_DEPTH) : 0;
    const isSameSize = !start || start.limit === limit;
    const isUsual = isSameSize && depth < USUAL_DEPTH && USUAL_LIMITS.has(limit);
    const series = isUsual ? { limit, depth: depth + 1 } : {};
    return {
      request: { limit, after: start?.after },
      isUsual,
      body: ({ items, nextAfter }) => {
        const next = nextAfter === null ? null : this.#write(name, { after: nextAfter, ...series });
        return { items, nextCursor: next };
      },
    };
  }

  #write(list: string, position: Position): string {
    const text = Buffer.from(JSON.stringify(position));
    return Buffer.concat([this.#macOf(list, text), text]).toString('base64url');
  }

  #read(list: string, cursor: string): Position {
    const bytes = Buffer.from(cursor, 'base64url');
    const [mac, text] = [bytes.subarray(0, MAC_BYTES), bytes.subarray(MAC_BYTES)];
    const isOurs = mac.length === MAC_BYTES && timingSafeEqual(mac, this.#macOf(list, text));
    // Another base64url spelling of the same bytes is not a cursor of ours.
    if (isOurs && bytes.toString('base64url') === cursor) return JSON.parse(text.toString());
    throw new HttpProblem('validation_failed', 'The cursor does not come from this list.', {
      errors: [{ path: 'cursor', message: 'must be the nextCursor of a page of this list' }],
    });
  }

  #macOf(list: string, text: Uint8Array): Buffer {
    const mac = createHmac('sha256', this.key).update('cursor\n').update(list).update('\n');
    return mac.update(text).digest().subarray(0, MAC_BYTES);
  }
}
