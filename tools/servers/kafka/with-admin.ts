import type { Admin, AdminOptions } from '@platformatic/kafka';
import { kafkaSecurityFor } from '../../../src/config/settings/tls/settings-for-server.js';

type TimeLimits = Pick<AdminOptions, 'timeout' | 'connectTimeout' | 'retries'>;

/** For a broker that may be down: it fails soon, and is not asked again. */
export const AT_ONCE = { timeout: 2_000, connectTimeout: 2_000, retries: 0 } satisfies TimeLimits;

/**
 * Asks the brokers something by a connection of its own. `brokers` has the format of `KAFKA_BROKERS`. The
 * client is loaded here, since it is large, and most commands and tests ask no broker.
 */
export async function withAdmin<T>(
  brokers: string,
  ask: (admin: Admin) => Promise<T>,
  limits: TimeLimits = {},
): Promise<T> {
  const { Admin } = await import('@platformatic/kafka');
  const admin = new Admin({
    clientId: 'lockstep-tools',
    bootstrapBrokers: brokers.split(','),
    ...kafkaSecurityFor(brokers),
    ...limits,
  });
  try {
    return await ask(admin);
  } finally {
    await admin.close();
  }
}
