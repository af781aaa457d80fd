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
    const included = new Set<string>();
    return new RedisScript(read(name, included));
  }
}

/** A text that is included twice stands where it came first. */
function read(name: string, included: Set<string>): string {
  if (included.has(name)) return '';
  included.add(name);
  const text = readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), 'utf8');
  return text.replace(include, (_line, part: string) => read(`includes/${part}`, included));
}
