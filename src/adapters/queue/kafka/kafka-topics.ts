import { Admin } from '@platformatic/kafka';
import { clientOptions, deadLetterTopic, type KafkaSettings } from './kafka-settings.js';

/** The broker's own default. */
const REPLICAS = -1;

/** Creates the topics that do not exist yet; those that do are left as they are. */
export async function ensureTopics(settings: KafkaSettings): Promise<void> {
  const admin = new Admin(clientOptions(settings));
  try {
    const { topic, partitions } = settings;
    const existing = new Set(await admin.listTopics());
    for (const [name, count] of [
      [topic, partitions],
      [deadLetterTopic(topic), 1],
    ] as const) {
      if (existing.has(name)) continue;
      await admin
        .createTopics({ topics: [name], partitions: count, replicas: REPLICAS })
        .catch(unlessItExists);
    }
  } finally {
    await admin.close();
  }
}

/** Another instance may have been quicker. */
function unlessItExists(error: unknown): void {
  const answer = error as { findBy?(property: string, value: unknown): unknown };
  if (!answer.findBy?.('apiId', 'TOPIC_ALREADY_EXISTS')) throw error;
}
