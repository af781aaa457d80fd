import { connect, type Socket } from 'node:net';

/** Pause of a client before it connects again, in milliseconds. */
const REOPEN_MS = 10_000;

/** A client that only costs the service memory or connections, and what happened to it. */
export abstract class SlowClient {
  /** The statuses of the answers that it read. */
  readonly statuses: number[] = [];
  /** How long those connections lasted that the service ended, in milliseconds. */
  readonly lives: number[] = [];
  #socket: Socket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(protected readonly url: string) {}

  /** Opens the connection, and another one each time the service has ended it. */
  open(): void {
    const { hostname, port } = new URL(this.url);
    let begun = NaN;
    const socket = connect({ host: hostname, port: Number(port) });
    this.#socket = socket;
    socket.on('error', () => undefined);
    socket.once('connect', () => {
      // Measured from here, because many connects at once wait for their turn.
      begun = performance.now();
      if (!this.#isOver) this.#timer = this.begin(socket);
    });
    socket.once('close', () => {
      clearInterval(this.#timer);
      if (this.#isOver) return;
      this.lives.push(performance.now() - begun);
      this.#timer = setTimeout(() => this.open(), REOPEN_MS);
    });
  }

  close(): void {
    this.#isOver = true;
    clearInterval(this.#timer);
    this.#socket?.destroy();
  }

  /** What it does on a new connection. The returned timer ends with the connection. */
  protected abstract begin(socket: Socket): NodeJS.Timeout | undefined;

  protected read(socket: Socket): void {
    socket.on('data', (chunk) => {
      const status = /^HTTP\/1\.1 (\d+)/.exec(chunk.toString('latin1'))?.[1];
      if (status) this.statuses.push(Number(status));
    });
  }
}

/** Sends many requests at once, and reads none of the answers. */
export class DeafReader extends SlowClient {
  constructor(
    url: string,
    private readonly path: string,
    private readonly times: number,
  ) {
    super(url);
  }

  protected override begin(socket: Socket): undefined {
    socket.write(`GET ${this.path} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(this.times));
  }
}

/** Connects, and sends at most one request. */
export class IdleClient extends SlowClient {
  constructor(
    url: string,
    private readonly asksOnce: boolean,
  ) {
    super(url);
  }

  protected override begin(socket: Socket): undefined {
    this.read(socket);
    if (this.asksOnce) socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
  }
}

/** Sends a byte of a header, or of the body, every half second. */
export class SlowWriter extends SlowClient {
  constructor(
    url: string,
    private readonly token: string,
    readonly part: 'headers' | 'body',
  ) {
    super(url);
  }

  protected override begin(socket: Socket): NodeJS.Timeout {
    this.read(socket);
    const line = 'POST /v1/wallets/me/charges HTTP/1.1\r\nHost: x\r\n';
    const head = `Authorization: Bearer ${this.token}\r\nContent-Type: application/json\r\n`;
    socket.write(line);
    if (this.part === 'headers') socket.write('X-Slow: ');
    else socket.write(`${head}Content-Length: 60000\r\n\r\n{"amount":1`);
    return setInterval(() => socket.write(this.part === 'headers' ? 'x' : ' '), 500);
  }
}
