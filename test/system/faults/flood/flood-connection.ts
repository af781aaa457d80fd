import { connect, type Socket } from 'node:net';

/** What came of the requests of a flood. */
export interface FloodOutcome {
  sent: number;
  /** Requests that were due while each connection had as many open as it may. */
  heldBack: number;
  readonly statuses: Record<number, number>;
  /** Answers with 429 or 503 that do not say when to try again. */
  withoutRetryAfter: number;
  /** Connections that the service closed, or that could not be opened. */
  lost: number;
}

const HEAD_END = '\r\n\r\n';

/** A connection that sends requests without waiting for the answers, up to a number of open ones. */
export class FloodConnection {
  #socket: Socket;
  #open = 0;
  #rest = '';
  #isOver = false;

  constructor(
    private readonly url: string,
    private readonly maxOpen: number,
    private readonly outcome: FloodOutcome,
  ) {
    this.#socket = this.#connect();
  }

  /** Whether it was sent. */
  send(request: string): boolean {
    if (this.#open >= this.maxOpen) return false;
    this.#open += 1;
    this.outcome.sent += 1;
    this.#socket.write(request);
    return true;
  }

  close(): void {
    this.#isOver = true;
    this.#socket.destroy();
  }

  /** Opens another connection when the service has closed this one. */
  #connect(): Socket {
    const { hostname, port } = new URL(this.url);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.#read(text));
    socket.on('error', () => undefined);
    socket.once('close', () => {
      if (this.#isOver) return;
      this.outcome.lost += 1;
      this.#open = 0;
      this.#rest = '';
      this.#socket = this.#connect();
    });
    return socket;
  }

  #read(text: string): void {
    this.#rest += text;
    for (;;) {
      const end = this.#rest.indexOf(HEAD_END);
      if (end < 0) return;
      const head = this.#rest.slice(0, end);
      const whole = end + HEAD_END.length + Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1]);
      if (!(this.#rest.length >= whole)) return;
      this.#rest = this.#rest.slice(whole);
      this.#open -= 1;
      this.#count(Number(head.slice(9, 12)), /\r\nretry-after: *\d/i.test(head));
    }
  }

  #count(status: number, saysWhen: boolean): void {
    const { outcome } = this;
    outcome.statuses[status] = (outcome.statuses[status] ?? 0) + 1;
    if ((status === 429 || status === 503) && !saysWhen) outcome.withoutRetryAfter += 1;
  }
}
