import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A proxy to a server, whose connections can be made to fail. */
export class TcpProxy {
  readonly #sockets = new Set<Socket>();
  /** Those that bring the server's answers. */
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

  /** Listens on a free loopback port, for the server that a `redis:` URL names. */
  static async to(url: string): Promise<TcpProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpProxy(server, new URL(url));
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Ends every connection and accepts none. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Accepts connections again. */
  restore(): void {
    this.#isCut = false;
  }

  /** From now on what comes is lost, in both directions, and no connection ends. */
  silence(): void {
    this.#isSilent = true;
  }

  /** Keeps the server's answers back. */
  hold(): void {
    this.#isHeld = true;
    for (const socket of this.#answering) socket.pause();
  }

  /** Lets them go. */
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
