import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type CommandSender, type ReplyListener, sendTo, untimed } from './command-client.js';

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
    return new Promise((onReply, onFailure) => {
      this.run(client, keys, args, { onReply, onFailure });
    });
  }

  /** The same with a listener: one promise less, which is measurable in a lock call. */
  run(
    client: CommandSender,
    keys: readonly string[],
    args: readonly string[],
    listener: ReplyListener,
  ): void {
    const bySha = ['EVALSHA', this.sha, String(keys.length)];
    // Faster than a spread of both arrays, which a lock call would notice.
    for (const key of keys) bySha.push(key);
    for (const arg of args) bySha.push(arg);
    client.sendCommand(bySha, untimed).then(
      (reply) => listener.onReply(reply),
      (reason: unknown) => {
        if (!isUnknown(reason)) return listener.onFailure(reason);
        // The text is sent only to a server that does not know the script: a new or a restarted one.
        sendTo(client, ['EVAL', this.text, ...bySha.slice(2)], listener);
      },
    );
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
