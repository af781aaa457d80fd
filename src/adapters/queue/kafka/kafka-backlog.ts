import { Admin } from '@platformatic/kafka';
import type { OutboxChannel } from '../../../domain/events/outbox.js';
import { type KafkaFigures, QueueBacklog } from './backlog-observer.js';
import { clientOptions, deadLetterTopic, type KafkaSettings } from './kafka-settings.js';

const LATEST = -1n;
const EARLIEST = -2n;

/** A topic and the group that consumes it. */
export interface FollowedTopic {
  readonly channel: OutboxChannel;
  readonly topic: string;
  readonly group: string;
}

/** Measures the lag of the consumers and the number of dead letters. */
export class KafkaBacklog extends QueueBacklog {
  readonly #admin: Admin;

  constructor(
    settings: KafkaSettings,
    private readonly followed: readonly FollowedTopic[],
  ) {
    super();
    this.#admin = new Admin({ ...clientOptions(settings), retries: 0, timeout: 2_000 });
    this.#admin.on('error', () => {});
  }

  /** Returns zero for topics that do not exist. */
  override async measure(): Promise<KafkaFigures> {
    const topics = this.followed.flatMap(({ topic }) => [topic, deadLetterTopic(topic)]);
    const partitions = await this.#partitionsOf(topics);
    const [from, to] = await Promise.all([
      this.#offsets(partitions, EARLIEST),
      this.#offsets(partitions, LATEST),
    ]);
    const done = await this.#committed();
    return new Map(
      this.followed.map(({ channel, topic }) => {
        const lag = [...(to.get(topic) ?? [])].map(([partition, end]) => {
          const next = done.get(topic)?.get(partition) ?? from.get(topic)?.get(partition) ?? 0n;
          return [partition, Number(end - next)] as const;
        });
        const letters = deadLetterTopic(topic);
        const deadLetters = held(from.get(letters), to.get(letters));
        return [channel, { lag: new Map(lag), deadLetters }] as const;
      }),
    );
  }

  async close(): Promise<void> {
    await this.#admin.close();
  }

  async #partitionsOf(topics: readonly string[]): Promise<Map<string, number>> {
    const known = new Set(await this.#admin.listTopics());
    const existing = topics.filter((topic) => known.has(topic));
    if (existing.length === 0) return new Map();
    const metadata = await this.#admin.metadata({ topics: existing });
    return new Map([...metadata.topics].map(([name, each]) => [name, each.partitionsCount]));
  }

  async #offsets(partitions: ReadonlyMap<string, number>, timestamp: bigint) {
    if (partitions.size === 0) return new Map<string, Map<number, bigint>>();
    const topics = [...partitions].map(([name, count]) => ({
      name,
      partitions: Array.from({ length: count }, (_, partitionIndex) => ({
        partitionIndex,
        timestamp,
      })),
    }));
    const listed = await this.#admin.listOffsets({ topics });
    return new Map(
      listed.map(({ name, partitions: each }) => [
        name,
        new Map(each.map(({ partitionIndex, offset }) => [partitionIndex, offset])),
      ]),
    );
  }

  /** The next offset by topic and partition; absent for partitions without a committed offset. */
  async #committed(): Promise<Map<string, Offsets>> {
    const groups = this.followed.map(({ group }) => group);
    const listed = await this.#admin.listConsumerGroupOffsets({ groups });
    return new Map(
      listed.flatMap(({ topics }) =>
        topics.map(({ name, partitions }) => {
          const known = partitions.filter(({ committedOffset }) => committedOffset >= 0n);
          const offsets = known.map(
            ({ partitionIndex, committedOffset }) => [partitionIndex, committedOffset] as const,
          );
          return [name, new Map(offsets)] as const;
        }),
      ),
    );
  }
}

type Offsets = ReadonlyMap<number, bigint>;

function held(from: Offsets = new Map(), to: Offsets = new Map()): number {
  return [...to].reduce((sum, [at, end]) => sum + Number(end - (from.get(at) ?? 0n)), 0);
}
