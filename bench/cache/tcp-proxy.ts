import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy in front of a server that can cut, silence or delay its connections. */
export class TcpProxy {
  readonly #sockets = new Set<Socket>();
  /** The sockets on which the server's answers arrive. */
  readonly #answering = new Set<Socket>();
  #isCut = false;
  #isSilent = false;
  #isHeld = false;

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {
    server.on('connection', (client) => this.#join(client));
  }

  /** Starts a proxy on a free loopback port, in front of the server that a `redis:` URL names. */
  static async to(url: string): Promise<TcpProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpProxy(server, new URL(url));
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Ends every connection and accepts no new one until `restore`. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Accepts connections again. */
  restore(): void {
    this.#isCut = false;
  }

  /** Drops all later bytes in both directions, and keeps the connections open. */
  silence(): void {
    this.#isSilent = true;
  }

  /** Delays the server's answers until `release`. */
  hold(): void {
    this.#isHeld = true;
    for (const socket of this.#answering) socket.pause();
  }

  /** Sends the delayed answers. */
  release(): void {
    this.#isHeld = false;
    for (const socket of this.#answering) socket.resume();
  }

  async close(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  #join(client: Socket): void {
    if (this.#isCut) {
      client.destroy();
      return;
    }
    const server = connect(Number(this.target.port), this.target.hostname);
    this.#forward(client, server);
    this.#forward(server, client);
    this.#answering.add(server);
    if (this.#isHeld) server.pause();
  }

  #forward(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.setNoDelay();
    from.on('data', (bytes) => {
      if (!this.#isSilent) to.write(bytes);
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      this.#sockets.delete(from);
      this.#answering.delete(from);
      to.destroy();
    });
  }
}
