import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type CommandSender, untimed } from './command-client.js';

const include = /^ *-- @include ([a-z-]+)$/gm;

/** A Lua script: its text with every include, and the SHA-1 by which Redis caches it. */
export class RedisScript {
  readonly sha: string;

  constructor(readonly text: string) {
    this.sha = createHash('sha1').update(text).digest('hex');
  }

  /** Reads `<name>.lua` in the folder; a line `-- @include x` stands for `includes/x.lua` there. */
  static load(folder: URL, name: string): RedisScript {
    return new RedisScript(read(folder, name, new Set()));
  }

  /** Resolves with the reply; rejects with an error reply or the error of the connection. */
  send(client: CommandSender, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    return new Promise((resolve, reject) => this.run(client, keys, args, resolve, reject));
  }

  /** The same with callbacks: one promise less, which is measurable in a lock call. */
  run(
    client: CommandSender,
    keys: readonly string[],
    args: readonly string[],
    onReply: (reply: unknown) => void,
    onFailure: (reason: unknown) => void,
  ): void {
    const bySha = ['EVALSHA', this.sha, String(keys.length), ...keys, ...args];
    client.sendCommand(bySha, untimed).then(onReply, (reason: unknown) => {
      if (!isUnknown(reason)) return onFailure(reason);
      // The text is sent only to a server that does not know the script: a new or a restarted one.
      const byText = ['EVAL', this.text, ...bySha.slice(2)];
      client.sendCommand(byText, untimed).then(onReply, onFailure);
    });
  }
}

function isUnknown(reason: unknown): boolean {
  return reason instanceof Error && reason.message.startsWith('NOSCRIPT');
}

/** A text that is included twice is inserted only at its first place. */
function read(folder: URL, name: string, included: Set<string>): string {
  if (included.has(name)) return '';
  included.add(name);
  const text = readFileSync(new URL(`${name}.lua`, folder), 'utf8');
  return text.replace(include, (_line, part: string) => read(folder, `includes/${part}`, included));
}
