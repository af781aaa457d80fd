import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type BookedCharge, ChargeBook } from '../../src/adapters/payment/sandbox/charge-book.js';
import { ruleOf, type TokenRule } from '../../src/adapters/payment/sandbox/sandbox-tokens.js';
import { ChargeFile } from './charge-file.js';
import { idempotencyKeyOf, readCharge, SandboxRefusal } from './sandbox-request.js';

export interface SandboxOptions {
  /** Its ledger; made where it is missing. */
  readonly file: string;
  /** Secret its clients must send. */
  readonly key: string;
  readonly port?: number;
  /** Resolves when a late answer is late enough; a few seconds unless it is set. */
  readonly untilLate?: (closing: AbortSignal) => Promise<unknown>;
}

/** What a request is answered with, and how. */
interface Reply {
  readonly body: object | undefined;
  readonly answers?: TokenRule['answers'];
}

export const LATE_MS = 5_000;

/**
 * A payment gateway without a bank: an HTTP server whose charges are made of play money, and whose
 * cards decline, stay silent, or answer late or twice, as their token says.
 */
export class PaymentSandbox implements AsyncDisposable {
  private readonly closing = new AbortController();
  private readonly lateOnes = new Set<string>();

  private constructor(
    readonly url: string,
    private readonly server: Server,
    private readonly options: SandboxOptions,
    private readonly file: ChargeFile,
    readonly book: ChargeBook,
  ) {
    server.on('request', (request, response) => void this.serve(request, response));
  }

  static async start(options: SandboxOptions): Promise<PaymentSandbox> {
    const file = new ChargeFile(options.file);
    const book = new ChargeBook((charge) => file.append(charge), file.charges);
    const server = createServer().listen(options.port ?? 0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return new PaymentSandbox(`http://127.0.0.1:${port}`, server, options, file, book);
  }

  /** At once: requests that it answers later, or never, are cut off. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.closing.abort();
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
    this.file.close();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = request.headers['request-id'];
    if (typeof id === 'string') response.setHeader('Request-Id', id);
    try {
      const { body, answers } = await this.reply(request);
      if (answers === 'never') return;
      if (answers === 'late') await this.untilLate(this.closing.signal);
      send(response, body ? 200 : 404, body ?? { error: 'there is none' }, answers === 'twice');
    } catch (error) {
      if (this.closing.signal.aborted) return;
      const status = error instanceof SandboxRefusal ? error.status : 500;
      send(response, status, { error: (error as Error).message });
    }
  }

  private untilLate(signal: AbortSignal): Promise<unknown> {
    return this.options.untilLate?.(signal) ?? pause(LATE_MS, undefined, { signal });
  }

  private async reply(request: IncomingMessage): Promise<Reply> {
    const [, what, reference = '', action] = (request.url ?? '').split('/');
    const call = [request.method, what, reference && ':reference', action]
      .filter(Boolean)
      .join(' ');
    if (call === 'GET healthz') return { body: { status: 'ok' } };
    if (request.headers.authorization !== `Bearer ${this.options.key}`) {
      throw new SandboxRefusal(401, 'the key is not mine');
    }
    if (call === 'GET ledger') return { body: { orders: this.book.orders() } };
    if (call === 'GET charges :reference') return { body: this.shown(this.book.find(reference)) };
    if (request.method !== 'POST') throw new SandboxRefusal(404, 'there is nothing here');
    const key = idempotencyKeyOf(request);
    if (call === 'POST charges') return this.authorise(key, request);
    if (call === 'POST charges :reference capture') return this.moved(this.book.capture(reference));
    if (call === 'POST charges :reference void') return this.moved(this.book.void(reference));
    if (call === 'POST charges :reference refund') return this.moved(this.book.refund(reference));
    throw new SandboxRefusal(404, 'there is nothing here');
  }

  private async authorise(key: string, request: IncomingMessage): Promise<Reply> {
    const asked = await readCharge(request);
    const { answers } = ruleOf(asked.token);
    const charge = this.book.authorise(key, asked);
    // Delivered twice on the way here, too.
    if (answers === 'twice') this.book.authorise(key, asked);
    const isAgain = this.lateOnes.has(key);
    if (answers === 'late') this.lateOnes.add(key);
    const body = this.shown(charge);
    if (answers === 'late' && isAgain) return { body };
    return answers ? { body, answers } : { body };
  }

  private moved(charge: BookedCharge | undefined): Reply {
    return { body: this.shown(charge) };
  }

  private shown(charge: BookedCharge | undefined): object | undefined {
    if (!charge) return undefined;
    const { reference, orderId, amount, status } = charge;
    return { reference, orderId, amount, status };
  }
}

function send(response: ServerResponse, status: number, body: object, twice = false): void {
  const { socket } = response;
  const text = JSON.stringify(body);
  const length = Buffer.byteLength(text);
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': length });
  response.end(text, () => {
    if (!twice || !socket?.writable) return;
    const id = response.getHeader('Request-Id') ?? '';
    const head = `HTTP/1.1 200 OK\r\nRequest-Id: ${id}\r\nContent-Type: application/json`;
    socket.write(`${head}\r\nContent-Length: ${length}\r\n\r\n${text}`);
  });
}
