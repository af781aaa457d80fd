import { DependencyUnavailableError } from '../../domain/ports/failures.js';
import type { CommandSender } from '../redis/command-client.js';
import { RedisScript } from '../redis/redis-script.js';

const folder = new URL('./scripts/', import.meta.url);

/** Longest wait for a reply, in milliseconds. */
const TIMEOUT_MS = 2_000;

/** A script of the ranking, with a timeout. */
export class RankingScript {
  readonly #script: RedisScript;

  constructor(name: string) {
    this.#script = RedisScript.load(folder, name);
  }

  /** @throws DependencyUnavailableError no reply in time, or an error as the reply */
  async run(
    client: CommandSender,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<unknown> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer in ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
    });
    try {
      return await Promise.race([this.#script.send(client, keys, args.map(String)), late]);
    } catch (error) {
      throw new DependencyUnavailableError('redis', error);
    } finally {
      clearTimeout(timer);
    }
  }
}
