import { askRedis } from '../../../tools/servers/redis/ask-redis.js';
import { startRedis } from '../../../tools/servers/redis/start-redis.js';
import type { Server } from '../../../tools/servers/server.js';
import { Relay } from '../../support/relay.js';

/** A Redis and its replica behind one address, which leads to the master. */
export class RedisPair implements AsyncDisposable {
  private constructor(
    readonly relay: Relay,
    private servers: readonly [master: Server, replica: Server],
    private readonly resources: AsyncDisposableStack,
  ) {}

  static async start(): Promise<RedisPair> {
    await using resources = new AsyncDisposableStack();
    const start = async () => resources.use(await startRedis({ ways: ['docker', 'binary'] }));
    const [master, replica] = [await start(), await start()] as const;
    await follow(replica, master);
    const relay = resources.use(await Relay.to(portOf(master)));
    return new RedisPair(relay, [master, replica], resources.move());
  }

  get url(): string {
    return `redis://127.0.0.1:${this.relay.port}`;
  }

  get master(): Server {
    return this.servers[0];
  }

  get replica(): Server {
    return this.servers[1];
  }

  /** The servers swap roles. The address still leads to the old master. */
  async swap(): Promise<void> {
    const [master, replica] = this.servers;
    await askRedis(replica.url, ['REPLICAOF', 'NO', 'ONE']);
    await follow(master, replica);
    this.servers = [replica, master];
  }

  /** New connections go to the master. Open ones stay or break. */
  move(open: 'left open' | 'cut'): void {
    this.relay.moveTo(portOf(this.master));
    if (open === 'left open') return;
    this.relay.cut();
    this.relay.mend();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.resources.disposeAsync();
  }
}

async function follow(replica: Server, master: Server): Promise<void> {
  await askRedis(replica.url, ['REPLICAOF', '127.0.0.1', String(portOf(master))]);
}

function portOf({ url }: Server): number {
  return Number(new URL(url).port);
}
