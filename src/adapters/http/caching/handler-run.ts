import type { ErrorRequestHandler, NextFunction, Response } from 'express';
import type { Loaded } from '../../../domain/ports/cache-port.js';
import { ClientGoneError } from '../responses/client-gone-error.js';

/** The response of a handler cannot be cached: it is not JSON, or its status is not 200. */
export class UncacheableResponse extends Error {
  override readonly name = 'UncacheableResponse';
}

/** How a response body is cached. */
export interface BodyCaching {
  /** Every resource that the body shows; a change of one of them invalidates it. */
  resources(body: object): readonly string[];
  /** Whether to cache this body; without this every body is cached. */
  isKeptBody?(body: object): boolean;
}

const failing = new WeakMap<Response, (error: unknown) => void>();

/**
 * Error handler after the handlers of a route with `cacheResponses`. Requests that wait for a request
 * that fails get the same error, and do not all repeat the failed work.
 */
export const failWaiters: ErrorRequestHandler = (error, _req, res, next) => {
  failing.get(res)?.(error);
  next(error);
};

/**
 * One run of the handlers after the middleware. It withholds JSON with status 200, so that the
 * middleware can send it; any other response goes to the client.
 */
export class HandlerRun {
  #hasStarted = false;
  #isWithheld = false;

  constructor(
    private readonly res: Response,
    private readonly next: NextFunction,
    private readonly caching: BodyCaching,
  ) {}

  get hasStarted(): boolean {
    return this.#hasStarted;
  }

  /** Whether the handlers have responded and the response was withheld. */
  get isWithheld(): boolean {
    return this.#isWithheld;
  }

  /**
   * Runs the handlers. It can be called once.
   *
   * @throws UncacheableResponse
   * @throws ClientGoneError the client disconnected before the response
   */
  readonly load = (): Promise<Loaded> => {
    if (this.#hasStarted) return Promise.reject(new Error('a request can be handled only once'));
    // The client may have disconnected while the cache was read.
    if (this.res.closed) return Promise.reject(new ClientGoneError());
    this.#hasStarted = true;
    return new Promise((resolve, reject) => {
      failing.set(this.res, reject);
      this.res.once('close', () => {
        reject(this.res.writableFinished ? new UncacheableResponse() : new ClientGoneError());
      });
      this.#intercept(resolve, reject);
      this.next();
    });
  };

  /** Replaces `res.send`; `res.json` calls it with the text too. */
  #intercept(resolve: (loaded: Loaded) => void, reject: (reason: Error) => void): void {
    const { res } = this;
    const send = res.send;
    res.send = (body) => {
      // Express turns other values into text and calls `send` again.
      if (typeof body !== 'string') return send.call(res, body);
      res.send = send;
      if (!isShared(res)) {
        reject(new UncacheableResponse());
        return res.send(body);
      }
      const read = JSON.parse(body);
      const resources = this.caching.resources(read);
      const isKept = this.caching.isKeptBody?.(read) ?? true;
      this.#isWithheld = true;
      resolve({ text: body, resources, isKept });
      return res;
    };
  }
}

function isShared(res: Response): boolean {
  return res.statusCode === 200 && /^application\/json(;|$)/.test(res.get('Content-Type') ?? '');
}
