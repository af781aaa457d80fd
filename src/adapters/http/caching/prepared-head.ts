import type { ServerResponse } from 'node:http';
import { setWrittenHead, writtenHead } from '../responses/written-head.js';

const ID = 'X-Request-Id: ';
const DATE = '\r\nDate: ';

/**
 * The head of a response as Node wrote it, to be sent again with another request id and date.
 *
 * Node checks and joins some twenty headers for each response. That costs half as much as all else that
 * it does for a request. Equal responses have equal heads but for these two.
 */
export class PreparedHead {
  private constructor(
    private readonly status: number,
    private readonly beforeId: string,
    private readonly beforeDate: string,
    private readonly afterDate: string,
  ) {}

  /**
   * Call it between `writeHead` and `end`.
   *
   * @returns undefined when the head cannot be sent again: the connection ends with it, or this version of
   * Node keeps heads elsewhere
   */
  static of(res: ServerResponse, id: string): PreparedHead | undefined {
    const head = writtenHead(res);
    if (!isReusable(res) || head === undefined) return undefined;
    const idAt = head.indexOf(`${ID}${id}\r\n`) + ID.length;
    const dateAt = head.indexOf(DATE) + DATE.length;
    if (idAt < ID.length || dateAt < idAt) return undefined;
    return new PreparedHead(
      res.statusCode,
      head.slice(0, idAt),
      head.slice(idAt + id.length, dateAt),
      head.slice(head.indexOf('\r\n', dateAt)),
    );
  }

  /** Whether it has been written; then only `end` is missing. */
  write(res: ServerResponse, id: string): boolean {
    if (!isReusable(res)) return false;
    const { beforeId, beforeDate, afterDate } = this;
    const head = `${beforeId}${id}${beforeDate}${httpDate()}${afterDate}`;
    setWrittenHead(res, head);
    res.statusCode = this.status;
    return res.headersSent;
  }
}

/** Whether the connection stays open, as most do; a stop of the instance sets a header. */
function isReusable(res: ServerResponse): boolean {
  return res.shouldKeepAlive && !res.hasHeader('Connection');
}

let second = 0;
let date = '';

/** The time in the form of RFC 9110, section 5.6.7. */
function httpDate(): string {
  const now = Math.floor(Date.now() / 1_000);
  if (now !== second) {
    second = now;
    date = new Date(now * 1_000).toUTCString();
  }
  return date;
}
