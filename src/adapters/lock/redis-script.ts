import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const include = /^-- @include ([a-z-]+)$/gm;

/** A Lua script: its text, with the texts it includes, and the name Redis caches it by. */
export class RedisScript {
  readonly sha: string;

  constructor(readonly text: string) {
    this.sha = createHash('sha1').update(text).digest('hex');
  }

  /** Reads `scripts/<name>.lua`; a line `-- @include x` stands for `scripts/includes/x.lua`. */
  static load(name: string): RedisScript {
    return new RedisScript(
      read(`${name}.lua`).replace(include, (_line, part: string) => read(`includes/${part}.lua`)),
    );
  }
}

function read(path: string): string {
  return readFileSync(new URL(`./scripts/${path}`, import.meta.url), 'utf8');
}
