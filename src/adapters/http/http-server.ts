import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net';
import type { Express } from 'express';
import { type ConnectionLimits, Connections, type ForcedClose } from './connections/connections.js';

export interface ListenOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

export interface HttpLimits extends ConnectionLimits {
  /** Connections at once; one more is closed as it comes. */
  readonly maxConnections: number;
  /** From the first byte of a request, or the opening of its connection, to its last header. */
  readonly headersMs: number;
  /** From there to the last byte of its body. */
  readonly requestMs: number;
}

export const DEFAULT_LIMITS: HttpLimits = {
  maxConnections: 10_000,
  maxPipelined: 50,
  maxUnsentBytes: 64 * 1024 * 1024,
  headersMs: 10_000,
  requestMs: 30_000,
  stallMs: 30_000,
};

interface HttpServerOptions {
  readonly limits: HttpLimits;
  /** Name of this instance, answered as `X-Instance`. */
  readonly instance: string;
  /** Hears of each connection that was closed before its time; `full`: one too many. */
  onForcedClose(reason: ForcedClose | 'full'): void;
}

/** How often the time limits are looked at, in milliseconds: how late they are, at most. */
const CHECK_MS = 1_000;

/** Bytes of a request's first line and headers: room for a token of 16 KiB, the most that nginx passes on. */
const MAX_HEADERS = 32 * 1024;

/** Targets in which Express finds no path: a URL without a host, or a query without a path. */
const HAS_NO_PATH = /^(?:[a-z][a-z\d+.-]*:\/\/)?(?:[?#]|$)/i;
/** Stands for such a target, and is refused like any other that is neither a path nor a URL. */
const NO_TARGET = 'none';

/** The listening socket of one instance. */
export class HttpServer {
  private readonly server: Server;
  private readonly connections: Connections;
  private isClosing = false;

  constructor(app: Express, options: Partial<HttpServerOptions> = {}) {
    const { limits = DEFAULT_LIMITS, instance = '', onForcedClose = () => undefined } = options;
    this.server = createServer({
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: CHECK_MS,
      maxHeaderSize: MAX_HEADERS,
      requireHostHeader: false,
      // Longer than a proxy keeps its idle connections, so it never writes into one that we close.
      keepAliveTimeout: 75_000,
    });
    this.server.maxConnections = limits.maxConnections;
    this.connections = new Connections(
      (req, res) => {
        if (this.isClosing) lastOnItsConnection(res);
        // Express calls no handler for a target without a path, so none would refuse it.
        if (HAS_NO_PATH.test(req.url ?? '')) req.url = NO_TARGET;
        app(req, res);
      },
      limits,
      instance,
      onForcedClose,
    );
    this.server.on('connection', (socket) => this.connections.add(socket));
    this.server.on('drop', () => onForcedClose('full'));
    this.server.on('request', (req, res) => this.connections.take(req, res));
    // Node would refuse an expectation it does not know, and a missing Host, without a body.
    this.server.on('checkExpectation', (req, res) => this.connections.take(req, res));
    this.server.on('connect', (_req, socket: Socket) => this.connections.refuseTunnel(socket));
    this.server.on('clientError', (error, socket: Socket) =>
      this.connections.refuse(socket, error),
    );
  }

  /** Answers the address it listens on. */
  async listen({ host, port }: ListenOptions): Promise<AddressInfo> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
    const checks = setInterval(() => this.connections.checkProgress(), CHECK_MS).unref();
    this.server.once('close', () => clearInterval(checks));
    return this.server.address() as AddressInfo;
  }

  /**
   * Takes no more connections, finishes the requests under way, and breaks them off at the end.
   *
   * For `drainMs` idle connections stay open, and what still comes on them is answered: a proxy
   * that reuses them closes them first, and loses no request that it was just sending.
   */
  async close(graceMs: number, drainMs = 0): Promise<void> {
    this.isClosing = true;
    for (const res of this.connections.underWay()) lastOnItsConnection(res);
    // Not the close of an HTTP server, which ends idle connections at once.
    const closed = new Promise<void>((resolve) => {
      NetServer.prototype.close.call(this.server, () => resolve());
    });
    const deadline = setTimeout(() => this.server.closeAllConnections(), drainMs + graceMs);
    const drained = setTimeout(() => this.server.close(), drainMs);
    await closed;
    clearTimeout(drained);
    clearTimeout(deadline);
  }
}

/** A client that kept asking on its open connection would never let a stopping instance end. */
function lastOnItsConnection(res: ServerResponse): void {
  if (!res.headersSent) res.setHeader('Connection', 'close');
}
