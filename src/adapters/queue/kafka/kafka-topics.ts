import { Admin } from '@platformatic/kafka';
import { clientOptions, deadLetterTopic, type KafkaSettings } from './kafka-settings.js';

/** The broker's default number of replicas. */
const REPLICAS = -1;

/**
 * The limit is higher than for the topic, because a dead letter contains the message and its cause.
 */
const ROOM_FOR_CAUSES = { name: 'max.message.bytes', value: String(2 * 1024 * 1024) };

/** Creates the topic and its dead-letter topic if they do not exist. */
export async function ensureTopic(settings: KafkaSettings, topic: string): Promise<void> {
  const admin = new Admin(clientOptions(settings));
  try {
    const existing = new Set(await admin.listTopics());
    const wanted = [
      { name: topic, partitions: settings.partitions },
      { name: deadLetterTopic(topic), partitions: 1, configs: [ROOM_FOR_CAUSES] },
    ];
    for (const { name, ...rest } of wanted) {
      if (existing.has(name)) continue;
      const options = { topics: [name], replicas: REPLICAS, ...rest };
      await admin.createTopics(options).catch(unlessItExists);
    }
  } finally {
    await admin.close();
  }
}

/** Another instance may have created it first. */
function unlessItExists(error: unknown): void {
  const answer = error as { findBy?(property: string, value: unknown): unknown };
  if (!answer.findBy?.('apiId', 'TOPIC_ALREADY_EXISTS')) throw error;
}
