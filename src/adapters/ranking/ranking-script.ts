import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DependencyUnavailableError } from '../../domain/ports/failures.js';

/** The part of a node-redis client that the ranking needs. */
export interface RankingClient {
  sendCommand(args: readonly string[]): Promise<unknown>;
}

/** Longest wait for an answer, in milliseconds. */
const TIMEOUT_MS = 2_000;

/** A Lua script of `scripts/`. */
export class RankingScript {
  private readonly text: string;
  private readonly sha: string;

  constructor(name: string) {
    this.text = readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), 'utf8');
    this.sha = createHash('sha1').update(this.text).digest('hex');
  }

  /** @throws DependencyUnavailableError no answer in time, or an error for an answer */
  async run(
    client: RankingClient,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<unknown> {
    const rest = [String(keys.length), ...keys, ...args.map(String)];
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer in ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
    });
    try {
      return await Promise.race([this.send(client, rest), late]);
    } catch (error) {
      throw new DependencyUnavailableError('redis', error);
    } finally {
      clearTimeout(timer);
    }
  }

  private async send(client: RankingClient, rest: readonly string[]): Promise<unknown> {
    try {
      return await client.sendCommand(['EVALSHA', this.sha, ...rest]);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return client.sendCommand(['EVAL', this.text, ...rest]);
    }
  }
}
