import { createServer, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net';
import type { Express } from 'express';
import { HttpProblem, problemBody, STATUS } from './problem.js';

export interface ListenOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

/** The listening socket of one instance. */
export class HttpServer {
  private readonly server: Server;
  private readonly underWay = new Set<ServerResponse>();
  private isClosing = false;

  constructor(app: Express) {
    const options = { requestTimeout: 30_000, headersTimeout: 10_000, requireHostHeader: false };
    this.server = createServer(options);
    this.server.on('request', (_req, res) => this.follow(res));
    this.server.on('request', app);
    // Node would refuse an expectation it does not know, and a missing Host, without a body.
    this.server.on('checkExpectation', app);
    // Longer than a proxy keeps its idle connections, so it never writes into one that we close.
    this.server.keepAliveTimeout = 75_000;
    this.server.on('clientError', (error, socket: Socket) => {
      if (this.owesAnswer(socket)) socket.destroy();
      else answerUnreadable(error, socket);
    });
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
    for (const res of this.underWay) lastOnItsConnection(res);
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

  /**
   * Whether a request that came whole still waits for its answer there. What is unreadable came
   * behind it, and an answer to that would be taken for the answer to the request.
   */
  private owesAnswer(socket: Socket): boolean {
    return [...this.underWay].some((res) => res.socket === socket && res.req.complete);
  }

  private follow(res: ServerResponse): void {
    if (this.isClosing) lastOnItsConnection(res);
    this.underWay.add(res);
    res.once('close', () => this.underWay.delete(res));
  }
}

/** A client that kept asking on its open connection would never let a stopping instance end. */
function lastOnItsConnection(res: ServerResponse): void {
  if (!res.headersSent) res.setHeader('Connection', 'close');
}

/** What Node cannot parse never reaches Express, so its problem is written by hand. */
function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = new HttpProblem('malformed_request', 'The request is not valid HTTP.');
  const status = STATUS[problem.code];
  const body = JSON.stringify(problemBody(problem));
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
