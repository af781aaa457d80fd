import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A separate address in front of a server. It can be cut for one instance only, and it can lead to
 * another server later.
 */
export class Relay implements AsyncDisposable {
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(
    readonly port: number,
    private readonly server: Server,
    private target: number,
  ) {
    server.on('connection', (socket: Socket) => this.#join(socket));
  }

  static async to(target: number): Promise<Relay> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Relay((server.address() as AddressInfo).port, server, target);
  }

  /** New connections go to this server. Open connections stay at the old one. */
  moveTo(target: number): void {
    this.target = target;
  }

  /** Breaks every connection, and each new one until `mend`. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  #join(near: Socket): void {
    if (this.#isCut) {
      near.destroy();
      return;
    }
    const far = connect(this.target, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(one);
      one.setNoDelay(true).pipe(other);
      one.on('error', () => undefined);
      one.once('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
  }
}
