import { connectNodeRedis } from '../contestants/node-redis.js';

/** A number in Redis that several processes read and write without any cache. */
export class SharedValue {
  private constructor(
    private readonly client: Awaited<ReturnType<typeof connectNodeRedis>>,
    private readonly key: string,
  ) {}

  static async open(url: string, key: string): Promise<SharedValue> {
    return new SharedValue(await connectNodeRedis(url), `value:${key}`);
  }

  readonly load = async (): Promise<string> => (await this.client.get(this.key)) ?? '0';

  async change(version: number): Promise<void> {
    await this.client.set(this.key, version);
  }

  close(): void {
    this.client.destroy();
  }
}
