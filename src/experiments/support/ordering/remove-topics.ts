import { kafkaSecurityFor } from '../../../config/settings/tls/settings-for-server.js';

const WAIT_TIMEOUT_MS = 2_000;

/** Removes the topics whose names start with `topic` when `resources` is disposed. */
export async function removeTopicsAtEnd(
  brokers: string,
  topic: string,
  resources: AsyncDisposableStack,
): Promise<void> {
  // Loaded only when it is needed: that takes as long as all other libraries of the experiments together.
  const { Admin } = await import('@platformatic/kafka');
  const bootstrapBrokers = brokers.split(',');
  const admin = new Admin({
    ...kafkaSecurityFor(brokers),
    ...{ clientId: topic, bootstrapBrokers },
    ...{ connectTimeout: WAIT_TIMEOUT_MS, retries: 0 },
  });
  resources.defer(() => admin.close());
  const ours = async () => (await admin.listTopics()).filter((name) => name.startsWith(topic));
  // Fails now if Kafka is down.
  await ours();
  resources.defer(async () => {
    const topics = await ours();
    if (topics.length > 0) await admin.deleteTopics({ topics });
  });
}
