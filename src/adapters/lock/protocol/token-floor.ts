/** The greatest fencing token this process has seen: every later one must be greater. */
export class TokenFloor {
  #token = 0;
  #text = '0';

  /** Decimal digits, as every request sends them. */
  get text(): string {
    return this.#text;
  }

  /** `text` is the token in decimal digits. */
  observe(token: number, text: string): void {
    if (token <= this.#token) return;
    this.#token = token;
    this.#text = text;
  }
}
