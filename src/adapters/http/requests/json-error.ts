/** The valid beginning of a string; what follows is the closing quote, or the offence. */
const STRING = /"(?:[ !#-[\]-\u{10ffff}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/uy;
const ESCAPE = /\\(?:u[0-9a-fA-F]{0,3})?/y;
const LITERALS = ['true', 'false', 'null'];

/** Where in a text that is no JSON a reader cannot go on. */
export interface JsonErrorPosition {
  readonly index: number;
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
}

/**
 * The first character of a text that no JSON has there (RFC 8259), or its end when more should
 * follow. Undefined for JSON. `JSON.parse` knows it too, but tells it for some errors only, and for
 * the others repeats a part of the text.
 */
export function findJsonError(text: string): JsonErrorPosition | undefined {
  const index = new JsonReader(text).firstOffence();
  if (index === undefined) return undefined;
  const before = text.slice(0, index).split('\n');
  return { index, line: before.length, column: [...(before.at(-1) ?? '')].length + 1 };
}

/** What may come next. */
type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'comma or end';

class JsonReader {
  #at = 0;
  #expected: Expected = 'value';
  /** The closing brackets that are still to come, the next one last. */
  readonly #open: ('}' | ']')[] = [];

  constructor(private readonly text: string) {}

  firstOffence(): number | undefined {
    for (;;) {
      this.#skip(/[ \t\r\n]*/y);
      const isWhole = this.#expected === 'comma or end' && this.#open.length === 0;
      if (this.#at === this.text.length) return isWhole ? undefined : this.#at;
      if (isWhole || !this.#step(this.text.charAt(this.#at))) return this.#at;
    }
  }

  /** Reads one token; false when it stands at the offence. */
  #step(char: string): boolean {
    const expected = this.#expected;
    if (char === this.#open.at(-1) && /[\]}]|comma/.test(expected)) {
      this.#open.pop();
      return this.#take('comma or end');
    }
    if (expected === 'colon') return char === ':' && this.#take('value');
    if (expected === 'comma or end') {
      return char === ',' && this.#take(this.#open.at(-1) === '}' ? 'key' : 'value');
    }
    if (expected.startsWith('key')) return this.#string() && this.#then('colon');
    return this.#value(char);
  }

  #value(char: string): boolean {
    if (char === '{' || char === '[') {
      this.#open.push(char === '{' ? '}' : ']');
      return this.#take(char === '{' ? 'key or }' : 'value or ]');
    }
    return this.#scalar(char) && this.#then('comma or end');
  }

  #scalar(char: string): boolean {
    if (char === '"') return this.#string();
    return /[-\d]/.test(char) ? this.#number() : this.#literal();
  }

  #string(): boolean {
    if (!this.#skip(STRING)) return false;
    if (this.text.charAt(this.#at) === '"') return this.#take(this.#expected);
    // Inside an escape sequence, where it stops being one.
    this.#skip(ESCAPE);
    return false;
  }

  #number(): boolean {
    this.#skip(/-/y);
    if (!this.#skip(/0|[1-9]\d*/y)) return false;
    if (this.#skip(/\./y) && !this.#skip(/\d+/y)) return false;
    return !this.#skip(/[eE][+-]?/y) || this.#skip(/\d+/y);
  }

  #literal(): boolean {
    const literal = LITERALS.find((word) => word.startsWith(this.text.charAt(this.#at)));
    for (const char of literal ?? '\0') {
      if (this.text.charAt(this.#at) !== char) return false;
      this.#at += 1;
    }
    return true;
  }

  /** Whether there was something to skip. */
  #skip(form: RegExp): boolean {
    form.lastIndex = this.#at;
    const [found = ''] = form.exec(this.text) ?? [];
    this.#at += found.length;
    return found !== '';
  }

  #take(next: Expected): true {
    this.#at += 1;
    return this.#then(next);
  }

  #then(next: Expected): true {
    this.#expected = next;
    return true;
  }
}
