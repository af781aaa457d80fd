import type { CommandSender } from './command-client.js';
import { RedisScript } from './redis-script.js';

/** Writes a small key that expires after ten seconds; fails where the server refuses writes. */
export const writableScript = RedisScript.load(
  new URL('./scripts/', import.meta.url),
  'assert-writable',
);

/** The key that is written by default; services that share one Redis may share it. */
const KEY = 'lockstep:writable';

/**
 * @throws the error that Redis answered, such as READONLY, NOREPLICAS, MISCONF, OOM, LOADING or
 *   NOAUTH, or that of the connection
 */
export async function assertWritable(client: CommandSender, key = KEY): Promise<void> {
  await writableScript.send(client, [key], []);
}
