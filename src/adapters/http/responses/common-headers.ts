import { type IncomingMessage, ServerResponse, validateHeaderValue } from 'node:http';
import type { Express } from 'express';
import { SECURITY_HEADERS } from './security-headers.js';
import { keepsHeadsAsText, setWrittenHead, writtenHead } from './written-head.js';

/** Whether a proxy with this address is trusted; Express makes it from its setting `trust proxy`. */
export type TrustsProxy = (address: string | undefined, hop: number) => boolean;

type Security = keyof typeof SECURITY_HEADERS;

const { writeHead } = ServerResponse.prototype;

/** The headers that every response to a request has: ids of the request and the instance, and Helmet's. */
export class CommonHeaders {
  /** As lines of a head. */
  readonly #security: Readonly<Record<Security, string>> = {
    overTls: linesOf(SECURITY_HEADERS.overTls),
    plain: linesOf(SECURITY_HEADERS.plain),
  };

  constructor(
    private readonly instance: string,
    private readonly trusts: TrustsProxy,
  ) {
    validateHeaderValue('X-Instance', instance);
  }

  /** Names and values, alternately. */
  of(req: IncomingMessage): string[] {
    return ['X-Request-Id', req.id, 'X-Instance', this.instance, ...this.#securityOf(req)];
  }

  #securityOf(req: IncomingMessage): readonly string[] {
    return SECURITY_HEADERS[this.#kindOf(req)];
  }

  #kindOf(req: IncomingMessage): Security {
    return this.isOverTls(req) ? 'overTls' : 'plain';
  }

  /**
   * Adds them to each response of the application, unless its handler has set another value.
   *
   * Node checks and joins the headers of each response again, which costs more than the router. These are the
   * same each time, so they are put into the head as one text.
   *
   * @param asText false: as single headers
   */
  addTo(app: Express, asText = keepsHeadsAsText()): void {
    const add = asText ? this.#writeWithText : this.#writeWithFields;
    app.response.writeHead = function (this: ServerResponse, ...words: unknown[]) {
      add(this, words as Parameters<typeof writeHead>);
      return this;
    } as typeof app.response.writeHead;
  }

  readonly #writeWithText = (res: ServerResponse, words: Parameters<typeof writeHead>): void => {
    const { req } = res;
    if (this.#securityOf(req).some((name, i) => i % 2 === 0 && res.hasHeader(name))) {
      this.#writeWithFields(res, words);
      return;
    }
    writeHead.apply(res, words);
    const head = writtenHead(res) ?? '';
    const afterStatus = head.indexOf('\r\n') + 2;
    const ids = `X-Request-Id: ${req.id}\r\nX-Instance: ${this.instance}\r\n`;
    const common = `${ids}${this.#security[this.#kindOf(req)]}`;
    setWrittenHead(res, `${head.slice(0, afterStatus)}${common}${head.slice(afterStatus)}`);
  };

  readonly #writeWithFields = (res: ServerResponse, words: Parameters<typeof writeHead>): void => {
    const headers = this.of(res.req);
    for (let i = 0; i < headers.length; i += 2) {
      const [name = '', value = ''] = headers.slice(i, i + 2);
      if (!res.hasHeader(name)) res.setHeader(name, value);
    }
    writeHead.apply(res, words);
  };

  /** The service itself speaks plain HTTP; a trusted proxy says whether its client used TLS. */
  isOverTls({ headers, socket }: IncomingMessage): boolean {
    const forwarded = headers['x-forwarded-proto'];
    return (
      typeof forwarded === 'string' &&
      forwarded.split(',', 1)[0]?.trim() === 'https' &&
      this.trusts(socket.remoteAddress, 0)
    );
  }
}

function linesOf(headers: readonly string[]): string {
  return headers.map((word, i) => (i % 2 === 0 ? `${word}: ` : `${word}\r\n`)).join('');
}
