import { HttpProblem } from '../responses/problem.js';

/** The valid beginning of a string; the closing quote or the error follows. */
const STRING = /"(?:[ !#-[\]-\u{10ffff}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/uy;
const ESCAPE = /\\(?:u[0-9a-fA-F]{0,3})?/y;
const LITERALS = ['true', 'false', 'null'];

/** The position of a syntax error in JSON text. */
export interface JsonErrorPosition {
  readonly index: number;
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
}

/**
 * Finds the first character that JSON (RFC 8259) does not allow at its place, or the end of the text
 * when it is incomplete. Returns undefined for valid JSON. The errors of `JSON.parse` have a position
 * only for some errors; for the others they repeat a part of the text.
 */
export function findJsonError(text: string): JsonErrorPosition | undefined {
  const index = new JsonReader(text).firstError();
  if (index === undefined) return undefined;
  const before = text.slice(0, index).split('\n');
  return { index, line: before.length, column: [...(before.at(-1) ?? '')].length + 1 };
}

/** The problem of a text that is no JSON object or list: the position of the error, but no part of the text. */
export function invalidJson(text: string): HttpProblem {
  const found = findJsonError(text);
  const detail = found
    ? `The body is not valid JSON: line ${found.line}, column ${found.column}.`
    : 'The body is not a JSON object.';
  return new HttpProblem('malformed_request', detail);
}

/** The token that may come next. */
type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'comma or end';

class JsonReader {
  #at = 0;
  #expected: Expected = 'value';
  /** The closing brackets that are still missing; the next one is last. */
  readonly #open: ('}' | ']')[] = [];

  constructor(private readonly text: string) {}

  firstError(): number | undefined {
    for (;;) {
      this.#skip(/[ \t\r\n]*/y);
      const isWhole = this.#expected === 'comma or end' && this.#open.length === 0;
      if (this.#at === this.text.length) return isWhole ? undefined : this.#at;
      if (isWhole || !this.#step(this.text.charAt(this.#at))) return this.#at;
    }
  }

  /** Reads one token; returns false at an error. */
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
    // The error is inside an escape sequence.
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

  /** Returns whether there was something to skip. */
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
