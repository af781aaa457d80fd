import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type CommandSender, untimed } from './command-client.js';

const include = /^ *-- @include ([a-z-]+)$/gm;

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

  /** The reply; rejects with the error that Redis answered, or that of the connection. */
  send(client: CommandSender, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    return new Promise((resolve, reject) => this.run(client, keys, args, resolve, reject));
  }

  /** The same without a promise of its own, which shows where a reply is all there is to wait for. */
  run(
    client: CommandSender,
    keys: readonly string[],
    args: readonly string[],
    heard: (reply: unknown) => void,
    failed: (reason: unknown) => void,
  ): void {
    const named = ['EVALSHA', this.sha, String(keys.length), ...keys, ...args];
    client.sendCommand(named, untimed).then(heard, (reason: unknown) => {
      if (!isUnknown(reason)) return failed(reason);
      // Its whole text only where the server does not know it: a new one, or one restarted.
      const whole = ['EVAL', this.text, ...named.slice(2)];
      client.sendCommand(whole, untimed).then(heard, failed);
    });
  }
}

function isUnknown(reason: unknown): boolean {
  return reason instanceof Error && reason.message.startsWith('NOSCRIPT');
}

/** A text that is included twice stands where it came first. */
function read(folder: URL, name: string, included: Set<string>): string {
  if (included.has(name)) return '';
  included.add(name);
  const text = readFileSync(new URL(`${name}.lua`, folder), 'utf8');
  return text.replace(include, (_line, part: string) => read(folder, `includes/${part}`, included));
}
