import { randomBytes, timingSafeEqual } from 'node:crypto';

/** How long a sign-in link is valid. */
const LIFE_MS = 10 * 60 * 1_000;

/** Codes that sign in once, each for ten minutes. They are kept in the memory of the instance. */
export class SignInCodes {
  readonly #codes = new Map<string, number>();

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** Makes a code of 128 random bits, or uses the given one. */
  issue(code = randomBytes(16).toString('base64url')): string {
    this.#codes.set(code, this.nowMs() + LIFE_MS);
    return code;
  }

  /** Returns whether the code is valid. After this it is not. */
  redeem(code: string): boolean {
    for (const [known, untilMs] of this.#codes) {
      if (untilMs <= this.nowMs()) this.#codes.delete(known);
      else if (isSame(known, code)) return this.#codes.delete(known);
    }
    return false;
  }
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
