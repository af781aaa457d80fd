import type { ErrorRequestHandler, NextFunction, Response } from 'express';
import type { Loaded } from '../../../domain/ports/cache-port.js';
import { ClientGoneError } from '../responses/client-gone-error.js';

/** A handler answered something that is not kept: no JSON, or not with 200. */
export class UncacheableResponse extends Error {
  override readonly name = 'UncacheableResponse';
}

/** What is to be known of an answer that is kept. */
export interface BodyCaching {
  /** Every resource that an answer shows; it falls with any of them. */
  resources(body: object): readonly string[];
  /** Whether this answer is kept at all; without this, each is. */
  isKeptBody?(body: object): boolean;
}

const failing = new WeakMap<Response, (error: unknown) => void>();

/**
 * Stands behind the handlers of a route with `cacheResponses`: requests that wait for the answer of
 * one that fails then fail with the same error, and do not all try again what has just failed.
 */
export const failWaiters: ErrorRequestHandler = (error, _req, res, next) => {
  failing.get(res)?.(error);
  next(error);
};

/**
 * The run of the handlers behind a middleware, for what they answer. JSON with 200 is withheld,
 * for the middleware to send; anything else goes to the client as it is.
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

  /** Whether the handlers have answered, and the client has not got it from them. */
  get isWithheld(): boolean {
    return this.#isWithheld;
  }

  /**
   * Runs the handlers, for the first and only time.
   *
   * @throws UncacheableResponse, or ClientGoneError as the client did not wait for the answer
   */
  readonly load = (): Promise<Loaded> => {
    if (this.#hasStarted) return Promise.reject(new Error('a request is handled only once'));
    // A cache may take its time before it asks, and a handler need not answer who is gone.
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

  /** `res.json` ends in `res.send` too, with the text. */
  #intercept(resolve: (loaded: Loaded) => void, reject: (reason: Error) => void): void {
    const { res } = this;
    const send = res.send;
    res.send = (body) => {
      // Express makes text of what else there is, and comes back with it.
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
