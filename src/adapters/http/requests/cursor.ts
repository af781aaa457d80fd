import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Page, PageRequest } from '../../../domain/ports/page.js';
import { HttpProblem } from '../responses/problem.js';

interface PageQueryValues {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** A page that a client asks for, and how its answer tells of the next one. */
export interface RequestedPage {
  readonly request: PageRequest;
  /**
   * Whether it is one of the few pages that are worth keeping: near the start, and every page
   * before it had its limit, a usual one. Of all others there are as many as anyone cares to ask.
   */
  readonly isUsual: boolean;
  body<T>(page: Page<T>): object;
}

/** Pages of other sizes are answered as well, and not kept. */
const USUAL_LIMITS: ReadonlySet<number> = new Set([10, 20, 50, 100]);
const USUAL_DEPTH = 10;

/** Bytes of a signature; 128 bits cannot be guessed. */
const MAC_BYTES = 16;

/** Where a page begins, as its cursor says. */
interface Position {
  /** Of the last item of the page before. */
  readonly after: string;
  /** What the usual pages before it had; absent behind a page that is not usual. */
  readonly limit?: number;
  readonly depth?: number;
}

/**
 * Cursors carry the signature of this service, so that a page begins only where a page of the same
 * list ended. The key belongs to the database: cursors are good at every instance, and after a
 * restart.
 */
export class Cursors {
  constructor(private readonly key: Uint8Array) {}

  /**
   * `list` names the list and what narrows it, as in its path and category.
   * @throws HttpProblem `validation_failed` the cursor is none that this list gave out
   */
  page(list: readonly (string | undefined)[], { limit, cursor }: PageQueryValues): RequestedPage {
    const name = JSON.stringify(list);
    const start = cursor === undefined ? undefined : this.read(name, cursor);
    const depth = start ? (start.depth ?? USUAL_DEPTH) : 0;
    const isSameSize = !start || start.limit === limit;
    const isUsual = isSameSize && depth < USUAL_DEPTH && USUAL_LIMITS.has(limit);
    const series = isUsual ? { limit, depth: depth + 1 } : {};
    return {
      request: { limit, after: start?.after },
      isUsual,
      body: ({ items, nextAfter }) => {
        const next = nextAfter === null ? null : this.write(name, { after: nextAfter, ...series });
        return { items, nextCursor: next };
      },
    };
  }

  private write(list: string, position: Position): string {
    const text = Buffer.from(JSON.stringify(position));
    return Buffer.concat([this.macOf(list, text), text]).toString('base64url');
  }

  private read(list: string, cursor: string): Position {
    const bytes = Buffer.from(cursor, 'base64url');
    const [mac, text] = [bytes.subarray(0, MAC_BYTES), bytes.subarray(MAC_BYTES)];
    const isOurs = mac.length === MAC_BYTES && timingSafeEqual(mac, this.macOf(list, text));
    // Other spellings of the same bytes were not given out either.
    if (isOurs && bytes.toString('base64url') === cursor) return JSON.parse(text.toString());
    throw new HttpProblem('validation_failed', 'The cursor is not one this list gave out.', {
      errors: [{ path: 'cursor', message: 'must be the nextCursor of a page of this list' }],
    });
  }

  private macOf(list: string, text: Uint8Array): Buffer {
    const mac = createHmac('sha256', this.key).update('cursor\n').update(list).update('\n');
    return mac.update(text).digest().subarray(0, MAC_BYTES);
  }
}
