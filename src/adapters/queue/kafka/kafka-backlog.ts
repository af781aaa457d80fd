import { Admin } from '@platformatic/kafka';
import { type KafkaFigures, QueueBacklog } from './backlog-observer.js';
import { clientOptions, deadLetterTopic, type KafkaSettings } from './kafka-settings.js';

const LATEST = -1n;
const EARLIEST = -2n;

/** Measures the lag of the consumers and the number of dead letters. */
export class KafkaBacklog extends QueueBacklog {
  private readonly admin: Admin;

  constructor(
    settings: KafkaSettings,
    private readonly followed: { readonly topic: string; readonly group: string },
  ) {
    super();
    this.admin = new Admin({ ...clientOptions(settings), retries: 0, timeout: 2_000 });
    this.admin.on('error', () => {});
  }

  /** Returns zero for topics that do not exist. */
  override async measure(): Promise<KafkaFigures> {
    const { topic } = this.followed;
    const letters = deadLetterTopic(topic);
    const partitions = await this.partitionsOf([topic, letters]);
    const [from, to] = await Promise.all([
      this.offsets(partitions, EARLIEST),
      this.offsets(partitions, LATEST),
    ]);
    const done = await this.committed();
    const lag = [...(to.get(topic) ?? [])].map(([partition, end]) => {
      const next = done.get(partition) ?? from.get(topic)?.get(partition) ?? 0n;
      return [partition, Number(end - next)] as const;
    });
    return { lag: new Map(lag), deadLetters: held(from.get(letters), to.get(letters)) };
  }

  async close(): Promise<void> {
    await this.admin.close();
  }

  private async partitionsOf(topics: readonly string[]): Promise<Map<string, number>> {
    const known = new Set(await this.admin.listTopics());
    const existing = topics.filter((topic) => known.has(topic));
    if (existing.length === 0) return new Map();
    const metadata = await this.admin.metadata({ topics: existing });
    return new Map([...metadata.topics].map(([name, each]) => [name, each.partitionsCount]));
  }

  private async offsets(partitions: ReadonlyMap<string, number>, timestamp: bigint) {
    if (partitions.size === 0) return new Map<string, Map<number, bigint>>();
    const topics = [...partitions].map(([name, count]) => ({
      name,
      partitions: Array.from({ length: count }, (_, partitionIndex) => ({
        partitionIndex,
        timestamp,
      })),
    }));
    const listed = await this.admin.listOffsets({ topics });
    return new Map(
      listed.map(({ name, partitions: each }) => [
        name,
        new Map(each.map(({ partitionIndex, offset }) => [partitionIndex, offset])),
      ]),
    );
  }

  /** The next offset by partition; absent for partitions without a committed offset. */
  private async committed(): Promise<Map<number, bigint>> {
    const { topic, group } = this.followed;
    const groups = await this.admin.listConsumerGroupOffsets({ groups: [group] });
    const partitions = groups.flatMap(({ topics }) =>
      topics.filter(({ name }) => name === topic).flatMap((each) => each.partitions),
    );
    const known = partitions.filter(({ committedOffset }) => committedOffset >= 0n);
    return new Map(
      known.map(({ partitionIndex, committedOffset }) => [partitionIndex, committedOffset]),
    );
  }
}

type Offsets = ReadonlyMap<number, bigint>;

function held(from: Offsets = new Map(), to: Offsets = new Map()): number {
  return [...to].reduce((sum, [at, end]) => sum + Number(end - (from.get(at) ?? 0n)), 0);
}
