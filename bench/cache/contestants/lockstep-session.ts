import type { CachePort, Load } from '../../../src/domain/ports/cache-port.js';
import type { Place, Session } from '../contestant.js';

/** A session that reads and writes through the cache port, as the unit of work does. */
export function lockstepSession(
  cache: CachePort,
  load: Place['load'],
  close: Session['close'],
): Session {
  const loadEntry: Load = async ({ key }) => ({ text: await load(key) });
  return {
    read: (key) => cache.read({ key }, loadEntry),
    write: async (key, change) => {
      const intent = await cache.beginWrite([key]);
      await change();
      await intent.end();
    },
    close,
  };
}
