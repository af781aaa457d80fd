import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type CommandSender, untimed } from './command-client.js';

const include = /^-- @include ([a-z-]+)$/gm;

/** A Lua script: its text, with the texts it includes, and the name Redis caches it by. */
export class RedisScript {
  readonly sha: string;

  constructor(readonly text: string) {
    this.sha = createHash('sha1').update(text).digest('hex');
  }

  /** Reads `<name>.lua` in the folder; a line `-- @include x` stands for `includes/x.lua` there. */
  static load(folder: URL, name: string): RedisScript {
    return new RedisScript(read(folder, name, new Set()));
  }

  /** With its whole text only where the server does not know it: a new one, or one restarted. */
  async send(
    client: CommandSender,
    keys: readonly string[],
    args: readonly string[],
  ): Promise<unknown> {
    const rest = [String(keys.length), ...keys, ...args];
    try {
      return await client.sendCommand(['EVALSHA', this.sha, ...rest], untimed);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return client.sendCommand(['EVAL', this.text, ...rest], untimed);
    }
  }
}

/** A text that is included twice stands where it came first. */
function read(folder: URL, name: string, included: Set<string>): string {
  if (included.has(name)) return '';
  included.add(name);
  const text = readFileSync(new URL(`${name}.lua`, folder), 'utf8');
  return text.replace(include, (_line, part: string) => read(folder, `includes/${part}`, included));
}
