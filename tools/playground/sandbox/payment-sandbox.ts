import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { z } from 'zod';
import {
  ChargeLedger,
  type LedgerCharge,
} from '../../../src/adapters/payment/sandbox/charge-ledger.js';
import { ruleOf } from '../../../src/adapters/payment/sandbox/sandbox-tokens.js';
import { ChargeFile } from './charge-file.js';

export interface SandboxOptions {
  /** Its ledger; created when the file does not exist. */
  readonly file: string;
  /** Secret that clients must send. */
  readonly key: string;
  readonly port?: number;
  /** Resolves when a late response may be sent; after 5 seconds unless it is set. */
  readonly untilLate?: (closing: AbortSignal) => Promise<unknown>;
}

export const LATE_MS = 5_000;

const MAX_BODY_BYTES = 16 * 1024;

const ChargeBody = z.strictObject({
  reference: z.string().min(1).max(64),
  orderId: z.string().min(1).max(64),
  amount: z.int().min(0),
  token: z.string().min(1).max(255),
});

/**
 * A payment gateway without a bank: an HTTP server whose charges are play money. The token of a card
 * decides whether a charge is declined, and whether its response never comes, or late, or twice.
 */
export class PaymentSandbox implements AsyncDisposable {
  readonly #closing = new AbortController();
  /** Idempotency keys whose first response was late. */
  readonly #lateKeys = new Set<string>();

  private constructor(
    readonly url: string,
    private readonly server: Server,
    private readonly options: SandboxOptions,
    private readonly file: ChargeFile,
    readonly book: ChargeLedger,
  ) {
    server.on('request', this.#app());
  }

  static async start(options: SandboxOptions): Promise<PaymentSandbox> {
    const file = new ChargeFile(options.file);
    const book = new ChargeLedger((charge) => file.append(charge), file.charges);
    const server = createServer().listen(options.port ?? 0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return new PaymentSandbox(`http://127.0.0.1:${port}`, server, options, file, book);
  }

  /** Closes at once, also the connections of requests that have no response yet. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
    this.file.close();
  }

  #app(): Express {
    const { book } = this;
    const app = express();
    app.disable('x-powered-by');
    app.use(echoRequestId);
    app.get('/healthz', (_req, res) => void res.json({ status: 'ok' }));
    app.use(requireKey(this.options.key));
    app.get('/ledger', (_req, res) => void res.json({ orders: book.orders() }));
    app.get('/charges/:reference', (req, res) => sendCharge(res, book.find(req.params.reference)));
    app.post(/.*/, requireIdempotencyKey);
    const json = express.json({ limit: MAX_BODY_BYTES, type: () => true });
    app.post('/charges', json, (req, res) => this.#authorise(req, res));
    app.post('/charges/:reference/capture', (req, res) =>
      sendCharge(res, book.capture(req.params.reference)),
    );
    app.post('/charges/:reference/void', (req, res) =>
      sendCharge(res, book.void(req.params.reference)),
    );
    app.post('/charges/:reference/refund', (req, res) =>
      sendCharge(res, book.refund(req.params.reference)),
    );
    app.use((_req, res) => sendError(res, 404, 'there is no such path'));
    app.use(handleError);
    return app;
  }

  async #authorise(req: Request, res: Response): Promise<void> {
    const { data: request } = ChargeBody.safeParse(req.body);
    if (!request) {
      sendError(res, 400, 'the body must have reference, orderId, amount and token');
      return;
    }
    const key = idempotencyKeyOf(req);
    const { responds } = ruleOf(request.token);
    const charge = this.book.authorise(key, request);
    // This token also simulates a request that is delivered twice.
    if (responds === 'twice') this.book.authorise(key, request);
    if (responds === 'never') return;
    if (responds === 'late' && !this.#lateKeys.has(key)) {
      this.#lateKeys.add(key);
      await this.#untilLate();
      if (this.#closing.signal.aborted) return;
    }
    if (responds === 'twice') sendAgainAfter(res, charge);
    sendCharge(res, charge);
  }

  /** Also returns when the sandbox closes. */
  async #untilLate(): Promise<void> {
    const { signal } = this.#closing;
    const late = this.options.untilLate?.(signal) ?? pause(LATE_MS, undefined, { signal });
    await late.catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}

const echoRequestId: RequestHandler = (req, res, next) => {
  const id = req.get('request-id');
  if (id !== undefined) res.set('Request-Id', id);
  next();
};

function requireKey(key: string): RequestHandler {
  return (req, res, next) => {
    if (req.get('authorization') === `Bearer ${key}`) next();
    else sendError(res, 401, 'the key is wrong');
  };
}

const requireIdempotencyKey: RequestHandler = (req, res, next) => {
  if (idempotencyKeyOf(req) === '') sendError(res, 400, 'there is no Idempotency-Key');
  else next();
};

function idempotencyKeyOf(req: Request): string {
  return req.get('idempotency-key') ?? '';
}

/** The texts never repeat what the client sent: it may be a token. */
const handleError: ErrorRequestHandler = (error, _req, res, _next) => {
  if (error.status === 413) sendError(res, 413, 'the body is too large');
  else if (error.status === 400) sendError(res, 400, 'the body is not JSON');
  else sendError(res, 500, error.message);
};

function sendCharge(res: Response, charge: LedgerCharge | undefined): void {
  if (charge) res.json(shown(charge));
  else sendError(res, 404, 'there is no such charge');
}

function sendError(res: Response, status: number, error: string): void {
  res.status(status).json({ error });
}

function shown({ reference, orderId, amount, status }: LedgerCharge): object {
  return { reference, orderId, amount, status };
}

/** Writes a second response after the first one, which no HTTP library does. */
function sendAgainAfter(res: Response, charge: LedgerCharge): void {
  // Node takes the socket away from a response that has finished.
  const { socket } = res;
  const text = JSON.stringify(shown(charge));
  const head = `HTTP/1.1 200 OK\r\nRequest-Id: ${res.get('Request-Id') ?? ''}\r\nContent-Type: application/json`;
  res.once('finish', () => {
    if (!socket?.writable) return;
    socket.write(`${head}\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  });
}
