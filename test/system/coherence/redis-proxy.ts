import { once } from 'node:events';
import {
  type AddressInfo,
  createConnection,
  createServer,
  type Server,
  type Socket,
} from 'node:net';

/**
 * What happens to the bytes of the bus, or of all connections. `dropped`: they are lost while the
 * sockets stay open, as behind a firewall that has forgotten the connection. `delayed`: they arrive
 * when the fault is over.
 */
export interface NetworkFault {
  readonly bytes: 'dropped' | 'delayed';
  readonly of: 'bus' | 'all';
}

/** A proxy between one instance and Redis, to make connections half open. */
export class RedisProxy implements AsyncDisposable {
  readonly #pairs = new Set<Pair>();
  #fault: NetworkFault | undefined;
  /** Bytes that never arrived, or that arrived after the fault. */
  heldUp = 0;

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {
    server.on('connection', (client) => this.#accept(client));
  }

  static async start(redisUrl: string): Promise<RedisProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new RedisProxy(server, new URL(redisUrl));
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  begin(fault: NetworkFault): void {
    this.#fault = fault;
  }

  /** Connections that lost bytes stay broken, because later bytes would make no sense. */
  end(): void {
    this.#fault = undefined;
    for (const pair of this.#pairs) pair.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const pair of this.#pairs) pair.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  #accept(client: Socket): void {
    const redis = createConnection(Number(this.target.port), this.target.hostname);
    const pair = new Pair(
      client,
      redis,
      () => this.#fault,
      (bytes) => {
        this.heldUp += bytes;
      },
    );
    this.#pairs.add(pair);
    client.once('close', () => this.#pairs.delete(pair));
  }
}

/** A connection and its connection to Redis. */
class Pair {
  #isBus = false;
  #isDead = false;
  #delayed: (() => void)[] = [];

  constructor(
    private readonly client: Socket,
    private readonly redis: Socket,
    private readonly fault: () => NetworkFault | undefined,
    private readonly heldUp: (bytes: number) => void,
  ) {
    client.on('data', (bytes) => {
      this.#isBus ||= /subscribe/i.test(bytes.toString('latin1'));
      this.#pass(bytes, redis);
    });
    redis.on('data', (bytes) => this.#pass(bytes, client));
    // The end of a socket is passed on, also behind a firewall that drops the bytes.
    for (const socket of [client, redis]) {
      socket.on('error', () => {});
      socket.on('close', () => this.destroy());
    }
  }

  release(): void {
    for (const send of this.#delayed.splice(0)) send();
  }

  destroy(): void {
    this.client.destroy();
    this.redis.destroy();
  }

  #pass(bytes: Buffer, to: Socket): void {
    const fault = this.fault();
    const isHit = fault && (fault.of === 'all' || this.#isBus);
    if (isHit && fault.bytes === 'dropped') this.#isDead = true;
    if (isHit || this.#isDead) this.heldUp(bytes.length);
    if (this.#isDead) return;
    if (isHit) this.#delayed.push(() => to.write(bytes));
    else to.write(bytes);
  }
}
