import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Response } from 'express';
import { METHODS, methodNotAllowed } from '../requests/methods-only.js';
import { sendProblem } from '../responses/problem.js';
import { Connection, type Exchange } from './connection.js';
import { endWithProblem, parseErrorProblem } from './parse-error.js';
import { readInSlices } from './read-slices.js';

export interface ConnectionLimits {
  /** Requests of one connection that may wait while an earlier one is answered. */
  readonly maxPipelined: number;
  /** A client that takes nothing of its answer for so many milliseconds is cut off. */
  readonly stallMs: number;
  /** Bytes of answers, of all connections together, that clients have not taken yet. */
  readonly maxUnsentBytes: number;
}

/** Why a connection was cut off: the client sent too many requests ahead, or reads too slowly. */
export type ForcedClose = 'pipelined' | 'stalled' | 'unsent';

/** Requests of all connections together that may wait behind others: each costs a few KB. */
const MAX_WAITING = 5_000;

/**
 * Answers the requests of a connection one at a time, so that a client which sends many and reads
 * no answer costs the memory of one answer.
 *
 * Node hands over each request as soon as it is parsed, whether or not those before it have been
 * answered. So they wait here: the next one is handled when the answer before it has gone to the
 * system, and a connection with more than `maxPipelined` of them waiting is cut off.
 */
export class Connections {
  readonly #connections = new Map<Socket, Connection>();
  #waiting = 0;

  constructor(
    private readonly handle: RequestListener,
    private readonly limits: ConnectionLimits,
    /** Name of this instance, answered as `X-Instance`. */
    private readonly instance: string,
    private readonly onForcedClose: (reason: ForcedClose) => void,
  ) {}

  add(socket: Socket): void {
    const connection = new Connection(socket);
    this.#connections.set(socket, connection);
    readInSlices(socket);
    socket.once('close', () => {
      this.#connections.delete(socket);
      this.#waiting -= connection.waiting.length;
      connection.waiting = [];
    });
  }

  /** Responses that are being worked on. */
  *underWay(): Iterable<ServerResponse> {
    for (const { current } of this.#connections.values()) if (current) yield current.res;
  }

  /** Handles the request, at once or after those before it. */
  take(req: IncomingMessage, res: ServerResponse): void {
    const connection = this.#connections.get(req.socket);
    // Requests that came in the same read as the one that was too much are not handled.
    if (!connection || req.socket.destroyed) return;
    connection.latest = req;
    if (!connection.current) {
      this.#begin(connection, { req, res });
    } else if (
      connection.waiting.length < this.limits.maxPipelined &&
      this.#waiting < MAX_WAITING
    ) {
      connection.waiting.push({ req, res });
      this.#waiting += 1;
    } else {
      this.#cutOff(connection, 'pipelined');
    }
  }

  /** Answers what Node cannot parse, or what did not come in time, after all that came before it. */
  refuse(socket: Socket, error: NodeJS.ErrnoException): void {
    const connection = this.#connections.get(socket);
    if (connection?.isEnding) return;
    if (!connection || error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const { current, latest } = connection;
    connection.unreadable = error;
    if (latest && !latest.complete && latest !== current?.req) {
      const last = connection.waiting.at(-1);
      if (last?.req === latest) {
        connection.waiting.pop();
        this.#waiting -= 1;
      } else {
        // The request is answered, and its body is of no use: nothing is left to say.
        socket.destroy();
        return;
      }
    }
    if (!current) endWithProblem(connection, parseErrorProblem(error), this.instance);
    else if (!current.req.complete) refuseCurrent(current, error);
  }

  /** Answers `CONNECT`, for which Node hands over the bare socket: this is no proxy. */
  refuseTunnel(socket: Socket): void {
    const connection = this.#connections.get(socket);
    socket.on('error', () => undefined);
    if (!connection || connection.current) socket.destroy();
    else endWithProblem(connection, methodNotAllowed('CONNECT', METHODS), this.instance);
  }

  /** Cuts off the clients that take nothing, and the slowest while all that is unsent is too much. */
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
      this.#cutOff(connection, isStalled ? 'stalled' : 'unsent');
    }
  }

  #begin(connection: Connection, exchange: Exchange): void {
    connection.current = exchange;
    exchange.res.once('close', () => this.#next(connection));
    this.handle(exchange.req, exchange.res);
  }

  #next(connection: Connection): void {
    connection.current = undefined;
    const { socket, waiting, unreadable } = connection;
    // The answer was the last one: the client asked for that, or the instance stops.
    if (socket.destroyed || socket.writableEnded) return;
    const exchange = waiting.shift();
    if (exchange) {
      this.#waiting -= 1;
      this.#begin(connection, exchange);
    } else if (unreadable) {
      endWithProblem(connection, parseErrorProblem(unreadable), this.instance);
    }
  }

  /** With a reset, since the system would go on offering what it holds for the client. */
  #cutOff({ socket }: Connection, reason: ForcedClose): void {
    socket.resetAndDestroy();
    this.onForcedClose(reason);
  }
}

/** The rest of the body is missing: the handler still waits for it, and has not answered. */
function refuseCurrent({ res }: Exchange, error: NodeJS.ErrnoException): void {
  if (res.headersSent) res.destroy();
  // Express has made its own kind of response of it.
  else sendProblem(res as Response, parseErrorProblem(error).with({ Connection: 'close' }));
}
