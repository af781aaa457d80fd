import type { FieldError } from '../responses/problem.js';

/** An object or a list that contains the current token. */
interface Level {
  /** The keys of an object so far; undefined for a list. */
  readonly keys: Set<string> | undefined;
  /** The current key or index. */
  at: string | number;
  /** Whether the next string is a key. */
  expectsKey: boolean;
}

/** JavaScript represents these integers exactly. */
const SHORT_INTEGER = /^-?\d{1,15}$/;

/**
 * Finds what `JSON.parse` would lose without an error: a key that an object has twice (RFC 8259,
 * section 4), or digits beyond the precision of a number. Returns undefined when nothing is lost.
 *
 * @param text valid JSON
 */
export function findLossyJson(text: string): FieldError | undefined {
  return new LossyJsonReader(text).read();
}

class LossyJsonReader {
  readonly #levels: Level[] = [];
  #level: Level | undefined;
  #index = 0;

  constructor(private readonly text: string) {}

  read(): FieldError | undefined {
    while (this.#index < this.text.length) {
      const message = this.#readToken();
      if (message) return { path: this.#levels.map(({ at }) => at).join('.'), message };
    }
    return undefined;
  }

  /** Returns the message of a loss. */
  #readToken(): string | undefined {
    const char = this.text.charAt(this.#index);
    if (char === '"') return this.#readString();
    if (char === '-' || (char >= '0' && char <= '9')) return this.#readNumber();
    this.#index += 1;
    if (char === '{') this.#enter({ keys: new Set(), at: '', expectsKey: true });
    else if (char === '[') this.#enter({ keys: undefined, at: 0, expectsKey: false });
    else if (char === '}' || char === ']') this.#leave();
    else if (char === ',' && this.#level) nextEntry(this.#level);
    return undefined;
  }

  #enter(level: Level): void {
    this.#levels.push(level);
    this.#level = level;
  }

  #leave(): void {
    this.#levels.pop();
    this.#level = this.#levels.at(-1);
  }

  #readString(): string | undefined {
    const { text } = this;
    const start = this.#index;
    let end = text.indexOf('"', start + 1);
    while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
    this.#index = end + 1;
    if (!this.#level?.keys || !this.#level.expectsKey) return undefined;
    const written = text.slice(start + 1, end);
    const key = written.includes('\\') ? JSON.parse(`"${written}"`) : written;
    const isDuplicate = this.#level.keys.has(key);
    this.#level.keys.add(key);
    this.#level.at = key;
    this.#level.expectsKey = false;
    return isDuplicate ? 'the field appears twice' : undefined;
  }

  #readNumber(): string | undefined {
    const start = this.#index;
    let end = start + 1;
    while (end < this.text.length && '0123456789.eE+-'.includes(this.text.charAt(end))) end += 1;
    this.#index = end;
    const written = this.text.slice(start, end);
    if (SHORT_INTEGER.test(written) || isExact(written)) return undefined;
    return 'has more digits than a number can represent';
  }
}

/** Moves to the next entry after a comma. */
function nextEntry(level: Level): void {
  if (level.keys) level.expectsKey = true;
  else level.at = Number(level.at) + 1;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text.charAt(at - 1 - slashes) === '\\') slashes += 1;
  return slashes % 2 === 1;
}

/** Whether a number represents all digits; numbers that overflow are not judged here. */
function isExact(written: string): boolean {
  const value = Number(written);
  return !Number.isFinite(value) || decimal(written) === decimal(value.toString());
}

/** Normal form: the digits without zeros around them, and the power of ten of the last digit. */
function decimal(number: string): string {
  const [, whole = '', fraction = '', power = '0'] =
    /^-?(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(number) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  if (kept === '') return '0';
  return `${kept}e${Number(power) - fraction.length + digits.length - kept.length}`;
}
