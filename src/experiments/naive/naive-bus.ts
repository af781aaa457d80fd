import { connect, type RedisConnection } from '../support/caching/connect.js';
import { busName, type CacheBackend, redisUrlOf } from '../support/caching/make-cache.js';
import type { Note } from '../support/timeline.js';

/** Redis pub/sub alone: an instance that is not connected at that moment misses the message. */
export class NaiveBus {
  private constructor(
    private readonly publisher: RedisConnection,
    private readonly channel: string,
    private readonly note: Note,
  ) {}

  static async open(
    backend: CacheBackend,
    onEviction: (resources: readonly string[]) => void,
  ): Promise<NaiveBus> {
    const { prefix, name, note, resources } = backend;
    const redisUrl = redisUrlOf(backend);
    const channel = `${prefix}evictions`;
    const publisher = await connect(redisUrl, `${prefix}commands:${name}`, resources);
    const subscriber = await connect(redisUrl, busName(backend), resources);
    await subscriber.subscribe(channel, (message) => {
      onEviction(message.split(' '));
      note('invalidated', 'message');
    });
    return new NaiveBus(publisher, channel, note);
  }

  async publish(resources: readonly string[]): Promise<void> {
    const receivers = await this.publisher.publish(this.channel, resources.join(' '));
    this.note('published', `${receivers} receivers`);
  }
}
