import type { CommandSender } from './command-client.js';
import { RedisScript } from './redis-script.js';

/** Writes a small key for ten seconds, where the server takes writes; else it says why it does not. */
export const writableScript = RedisScript.load(
  new URL('./scripts/', import.meta.url),
  'assert-writable',
);

/** The key for it where nothing tells services on one Redis apart: it may be that of all. */
const KEY = 'lockstep:writable';

/**
 * @throws the error that Redis answered, such as READONLY, NOREPLICAS, MISCONF, OOM, LOADING or
 *   NOAUTH, or that of the connection
 */
export async function assertWritable(client: CommandSender, key = KEY): Promise<void> {
  await writableScript.send(client, [key], []);
}
