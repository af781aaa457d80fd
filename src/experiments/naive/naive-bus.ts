import { connect, type RedisConnection } from '../apparatus/caching/connect.js';
import { busName, type CachePlace } from '../apparatus/caching/make-cache.js';
import type { Note } from '../apparatus/timeline.js';

/** Redis pub/sub and nothing more: who is not connected at the moment never hears of it. */
export class NaiveBus {
  private constructor(
    private readonly publisher: RedisConnection,
    private readonly channel: string,
    private readonly note: Note,
  ) {}

  static async open(
    place: CachePlace,
    hear: (resources: readonly string[]) => void,
  ): Promise<NaiveBus> {
    const { redisUrl, prefix, name, note, resources } = place;
    const channel = `${prefix}evictions`;
    const publisher = await connect(redisUrl, `${prefix}commands:${name}`, resources);
    const subscriber = await connect(redisUrl, busName(place), resources);
    await subscriber.subscribe(channel, (message) => {
      hear(message.split(' '));
      note('invalidated', 'message');
    });
    return new NaiveBus(publisher, channel, note);
  }

  async tell(resources: readonly string[]): Promise<void> {
    const heardBy = await this.publisher.publish(this.channel, resources.join(' '));
    this.note('told', `${heardBy} of the instances`);
  }
}
