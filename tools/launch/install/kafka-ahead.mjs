import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { kafkaJars } from '../../servers/kafka/kafka-jars.mjs';
import { isInstalled } from './installation.mjs';

const run = promisify(execFile);

/** Words of a command that does without Kafka's jars. */
const WITHOUT = ['--without-kafka', '--docker'];
const ADDRESSES = ['KAFKA_BROKERS', 'TEST_KAFKA_BROKERS'];

/**
 * Fetches Kafka's jars while a fresh clone installs, which takes far longer. Whoever starts Kafka
 * later fetches what is missing still, and says what is wrong.
 */
export async function fetchKafkaAhead(args) {
  if (isInstalled('all') || args.some((word) => WITHOUT.includes(word))) return;
  if (ADDRESSES.some((name) => process.env[name]) || (await hasDocker())) return;
  await kafkaJars().catch(() => {});
}

function hasDocker() {
  return run('docker', ['info'], { timeout: 5_000 }).then(
    () => true,
    () => false,
  );
}
