import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net';
import { type ConnectionLimits, Connections, type ForcedClose } from './connections/connections.js';

export interface ListenOptions {
  readonly host: string;
  /** 0: the system chooses a free port. */
  readonly port: number;
}

export interface HttpLimits extends ConnectionLimits {
  /** Most open connections; a further one is closed at once. */
  readonly maxConnections: number;
  /** Time from the first byte of a request, or from the connect, to its last header, in milliseconds. */
  readonly headersMs: number;
  /** Time from there to the last byte of its body, in milliseconds. */
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
  /** Name of this instance, sent as `X-Instance`. */
  readonly instance: string;
  /** Called for each connection that the server closed early; `full`: too many connections. */
  onForcedClose(reason: ForcedClose | 'full'): void;
}

/** Interval of the checks of the time limits, in milliseconds. */
const CHECK_MS = 1_000;

/** A round of the event loop in which hardly a connection can arrive, in milliseconds. */
const SHORT_ROUND_MS = 1;

/** Most bytes of the request line and headers; nginx passes tokens of up to 16 KiB. */
const MAX_HEADERS = 32 * 1024;

/** Targets in which Express finds no path: a URL without host and path, or a query alone. */
const HAS_NO_PATH = /^(?:[a-z][a-z\d+.-]*:\/\/)?(?:[?#]|$)/i;
/** Replaces such a target, so that it is refused like any other invalid target. */
const NO_TARGET = 'none';

/** The listening socket of one instance. */
export class HttpServer {
  private readonly server: Server;
  private readonly connections: Connections;
  private isClosing = false;

  constructor(app: RequestListener, options: Partial<HttpServerOptions> = {}) {
    const { limits = DEFAULT_LIMITS, instance = '', onForcedClose = () => undefined } = options;
    this.server = createServer({
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: CHECK_MS,
      maxHeaderSize: MAX_HEADERS,
      requireHostHeader: false,
      // Longer than a proxy keeps idle connections, so the proxy closes them first.
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
    // Without this listener Node refuses an unknown expectation without a body.
    this.server.on('checkExpectation', (req, res) => this.connections.take(req, res));
    this.server.on('connect', (_req, socket: Socket) => this.connections.refuseTunnel(socket));
    this.server.on('clientError', (error, socket: Socket) =>
      this.connections.refuse(socket, error),
    );
  }

  /** Returns the address it listens on. */
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
   * Accepts no more connections and finishes the current requests; after `graceMs` and `drainMs`
   * together it closes all connections.
   *
   * For `drainMs` milliseconds idle connections stay open and their requests are handled. So a proxy
   * that reuses them can close them first and loses no request.
   */
  async close(graceMs: number, drainMs = 0): Promise<void> {
    const deadline = setTimeout(() => this.server.closeAllConnections(), drainMs + graceMs);
    // Until then a proxy reuses its connections, so hardly a new one comes while those that wait are accepted.
    // The deadline comes later, so that it also ends the last ones.
    await this.acceptWaiting(graceMs / 2);
    // The close of an HTTP server would end idle connections at once.
    const closed = new Promise<void>((resolve) => {
      NetServer.prototype.close.call(this.server, () => resolve());
    });
    this.isClosing = true;
    for (const res of this.connections.underWay()) lastOnItsConnection(res);
    const drained = setTimeout(() => this.server.close(), drainMs);
    await closed;
    clearTimeout(drained);
    clearTimeout(deadline);
  }

  /**
   * The system completes connections before this process accepts them, and a close of the listening socket
   * resets those that wait. A proxy does not repeat their requests, which it may have sent. Each round of the
   * event loop accepts one connection. So it goes round until none waits, and the round was so short that
   * hardly one came after. A busy instance has many that wait, and its rounds are long.
   */
  private async acceptWaiting(longestMs: number): Promise<void> {
    let accepted = 0;
    const count = () => void accepted++;
    this.server.on('connection', count);
    for (const end = performance.now() + longestMs; performance.now() < end; ) {
      await immediate();
      const before = accepted;
      const begun = performance.now();
      await immediate();
      if (accepted === before && performance.now() - begun < SHORT_ROUND_MS) break;
    }
    this.server.off('connection', count);
  }
}

/** Resolves after the current round of the event loop. */
function immediate(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Otherwise a client that keeps sending requests on one connection would delay the stop. */
function lastOnItsConnection(res: ServerResponse): void {
  if (!res.headersSent) res.setHeader('Connection', 'close');
}
