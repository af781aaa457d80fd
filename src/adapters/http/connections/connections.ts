import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Response } from 'express';
import { METHODS, methodNotAllowed } from '../requests/methods-only.js';
import { sendProblem } from '../responses/problem.js';
import { Connection, type Exchange } from './connection.js';
import { endWithProblem, parseErrorProblem } from './parse-error.js';

export interface ConnectionLimits {
  /** Most requests of one connection that may wait for an earlier one. */
  readonly maxPipelined: number;
  /** A client that reads nothing of its response for this time is disconnected, in milliseconds. */
  readonly stallMs: number;
  /** Most bytes of responses that clients have not read yet, of all connections together. */
  readonly maxUnsentBytes: number;
}

/** Why the server closed a connection: too many pipelined requests, or a client that reads too slowly. */
export type ForcedClose = 'pipelined' | 'stalled' | 'unsent';

/**
 * Most pipelined requests that wait, of all connections together; each needs a few KB. The first that waits on
 * a connection does not count: a client that waits for each answer may send its next request a moment early.
 */
const MAX_WAITING = 5_000;

/**
 * With so many waiting requests a connection is read no further. The objects of parsed requests would wait in
 * memory, and each garbage collection that copies those of a flood stops all other requests.
 */
const MAX_PARSED_AHEAD = 4;

/**
 * How long the next pipelined request waits after one that was refused, in milliseconds, on average: twice as
 * long after each further refusal in a row, up to the longest. A client that sends far more than its limits,
 * and does not wait for answers, takes less of the processor then. A client that waits for each answer never
 * pauses: it may be a proxy that sends the requests of many.
 */
const REFUSED_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;

/**
 * A random pause from half to one and a half of the average. Connections that a flood opened together would
 * otherwise all go on at the same time, in one turn of the event loop, and everybody else would wait for it.
 */
function pauseAfter(refusals: number): number {
  const average = Math.min(REFUSED_PAUSE_MS * 2 ** (refusals - 1), LONGEST_PAUSE_MS);
  return average * (0.5 + Math.random());
}

const REFUSED = new Set([429, 503]);

/**
 * Handles the requests of a connection one at a time. So a client that sends many requests and reads
 * no response uses the memory of one response.
 *
 * Node emits each request as soon as it is parsed, even while earlier ones have no response. So
 * requests wait here until the response before them was given to the operating system; of a client that sends
 * many, the rest waits as bytes. A connection with more than `maxPipelined` waiting requests, or with more than
 * 32 KiB after them, is closed.
 */
export class Connections {
  readonly #connections = new Map<Socket, Connection>();
  #waiting = 0;

  constructor(
    private readonly handle: RequestListener,
    private readonly limits: ConnectionLimits,
    /** Name of this instance, sent as `X-Instance`. */
    private readonly instance: string,
    private readonly onForcedClose: (reason: ForcedClose) => void,
  ) {}

  add(socket: Socket): void {
    const connection = new Connection(socket, () => this.#forceClose(connection, 'pipelined'));
    this.#connections.set(socket, connection);
    socket.once('close', () => {
      this.#connections.delete(socket);
      this.#waiting -= connection.waiting.length;
      connection.waiting = [];
    });
  }

  /** The responses of the requests that are being handled. */
  *underWay(): Iterable<ServerResponse> {
    for (const { current } of this.#connections.values()) if (current) yield current.res;
  }

  /** Handles the request, after those before it on the same connection. */
  take(req: IncomingMessage, res: ServerResponse): void {
    const connection = this.#connections.get(req.socket);
    // More requests of the same read may follow after the connection was closed.
    if (!connection || req.socket.destroyed) return;
    connection.latest = req;
    if (!connection.current && !connection.isResuming) {
      this.#begin(connection, { req, res });
    } else if (this.#mayWait(connection)) {
      connection.waiting.push({ req, res });
      this.#waiting += 1;
      const { refusals, waiting, reads } = connection;
      if (refusals > 0 || waiting.length >= MAX_PARSED_AHEAD) reads.hold();
    } else {
      this.#forceClose(connection, 'pipelined');
    }
  }

  /** Responds to data that Node cannot parse, or that came too late, after all earlier requests. */
  refuse(socket: Socket, error: NodeJS.ErrnoException): void {
    const connection = this.#connections.get(socket);
    if (connection?.isEnding) return;
    if (!connection || error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const { current, latest, isResuming } = connection;
    connection.parseError = error;
    if (latest && !latest.complete && latest !== current?.req) {
      const last = connection.waiting.at(-1);
      if (last?.req === latest) {
        connection.waiting.pop();
        this.#waiting -= 1;
      } else {
        // The request has its response already; only the rest of its body is malformed.
        socket.destroy();
        return;
      }
    }
    if (isResuming) return;
    if (!current) endWithProblem(connection, parseErrorProblem(error), this.instance);
    else if (!current.req.complete) refuseCurrent(current, error);
  }

  /** Refuses `CONNECT`: this server is not a proxy. Node passes the bare socket for this method. */
  refuseTunnel(socket: Socket): void {
    const connection = this.#connections.get(socket);
    socket.on('error', () => undefined);
    if (!connection || connection.current || connection.isResuming) socket.destroy();
    else endWithProblem(connection, methodNotAllowed('CONNECT', METHODS), this.instance);
  }

  /** Closes connections whose clients read nothing, and the slowest while too many bytes are unread. */
  checkProgress(): void {
    const now = performance.now();
    const unsent = [...this.#connections.values()]
      .map((connection) => ({ connection, stalledMs: connection.stalledMs(now) }))
      .filter(({ connection: { socket } }) => socket.writableLength > 0)
      .sort((a, b) => b.stalledMs - a.stalledMs);
    let bytes = unsent.reduce((sum, { connection }) => sum + connection.socket.writableLength, 0);
    for (const { connection, stalledMs } of unsent) {
      const isStalled = stalledMs >= this.limits.stallMs;
      if (!isStalled && bytes <= this.limits.maxUnsentBytes) return;
      bytes -= connection.socket.writableLength;
      this.#forceClose(connection, isStalled ? 'stalled' : 'unsent');
    }
  }

  #mayWait({ waiting }: Connection): boolean {
    if (waiting.length === 0) return true;
    return waiting.length < this.limits.maxPipelined && this.#waiting < MAX_WAITING;
  }

  #begin(connection: Connection, exchange: Exchange): void {
    connection.current = exchange;
    exchange.res.on('close', () => this.#next(connection));
    this.handle(exchange.req, exchange.res);
    // The rest of its body may be among what is on hold.
    if (!exchange.req.complete) connection.reads.release();
  }

  #next(connection: Connection): void {
    const isRefused = REFUSED.has(connection.current?.res.statusCode ?? 0);
    connection.refusals = isRefused ? connection.refusals + 1 : 0;
    connection.current = undefined;
    const { socket, waiting, parseError, reads } = connection;
    // The response was the last one: the client asked for that, or the instance stops.
    if (socket.destroyed || socket.writableEnded) return;
    if (waiting.length > 0) this.#resume(connection);
    else if (parseError) endWithProblem(connection, parseErrorProblem(parseError), this.instance);
    else if (reads.hasHeld) this.#resume(connection);
    else reads.release();
  }

  /**
   * Begins the next waiting request after all other connections had a turn. Otherwise quick responses, such as
   * refusals, to all waiting requests of all connections would be one turn of the event loop.
   */
  #resume(connection: Connection): void {
    connection.isResuming = true;
    const begin = () => {
      connection.isResuming = false;
      const { socket, waiting, parseError, reads } = connection;
      if (socket.destroyed || socket.writableEnded) return;
      const exchange = waiting.shift();
      if (exchange) {
        this.#waiting -= 1;
        this.#begin(connection, exchange);
      } else if (parseError) {
        // The request that waited was incomplete, and is refused instead.
        endWithProblem(connection, parseErrorProblem(parseError), this.instance);
      } else {
        reads.release();
      }
    };
    const { refusals } = connection;
    if (refusals > 0) setTimeout(begin, pauseAfter(refusals));
    else setImmediate(begin);
  }

  /** Resets the connection; after a normal close the system would keep the unread bytes. */
  #forceClose({ socket }: Connection, reason: ForcedClose): void {
    socket.resetAndDestroy();
    this.onForcedClose(reason);
  }
}

/** The rest of the body is missing, and the handler still waits for it. */
function refuseCurrent({ res }: Exchange, error: NodeJS.ErrnoException): void {
  if (res.headersSent) res.destroy();
  // Express has extended it to its own kind of response.
  else sendProblem(res as Response, parseErrorProblem(error).with({ Connection: 'close' }));
}
