import { connect, type Socket } from 'node:net';

/** The answer to a request. */
export interface Reply {
  readonly status: number;
  /** Bytes of the body. */
  readonly length: number;
}

const HEAD_END = '\r\n\r\n';

/**
 * A kept-alive HTTP/1.1 connection that sends prepared bytes, one request at a time.
 *
 * It costs the driver far less than an HTTP client, so that the service is what is measured. It
 * reads answers with a `Content-Length` only, which every contestant sends.
 */
export class Connection {
  #rest: Buffer = Buffer.alloc(0);
  #settle: ((reply: Reply | Error) => void) | undefined;
  #closed: Error | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('error', (error) => this.#end(error));
    socket.on('close', () => this.#end(new Error('the connection was closed')));
  }

  static async open(url: string): Promise<Connection> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new Connection(socket);
  }

  /** @throws Error the connection was lost, or the answer has no Content-Length */
  send(request: Buffer): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#settle = (reply) => {
        this.#settle = undefined;
        if (reply instanceof Error) reject(reply);
        else resolve(reply);
      };
      if (this.#closed) this.#settle(this.#closed);
      else this.socket.write(request);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  #end(error: Error): void {
    this.#closed ??= error;
    this.#settle?.(error);
  }

  #read(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const end = this.#rest.indexOf(HEAD_END);
    if (end < 0) return;
    const head = this.#rest.toString('latin1', 0, end);
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? Number.NaN);
    if (Number.isNaN(length)) {
      this.#settle?.(new Error(`an answer without Content-Length: ${head}`));
      return;
    }
    const whole = end + HEAD_END.length + length;
    if (this.#rest.length < whole) return;
    this.#rest = this.#rest.subarray(whole);
    this.#settle?.({ status: Number(head.slice(9, 12)), length });
  }
}

/** The bytes of a request, with a JSON body where there is one. */
export function requestBytes(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body?: unknown,
): Buffer {
  const text = body === undefined ? '' : JSON.stringify(body);
  const own = {
    Host: 'bench',
    ...headers,
    ...(body !== undefined && {
      'Content-Type': 'application/json',
      'Content-Length': `${Buffer.byteLength(text)}`,
    }),
  };
  const lines = Object.entries(own).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${text}`);
}
