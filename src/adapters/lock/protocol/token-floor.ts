/** The greatest fencing token this process has seen: every later one must be greater. */
export class TokenFloor {
  #token = 0;

  get token(): number {
    return this.#token;
  }

  observe(token: number): void {
    this.#token = Math.max(this.#token, token);
  }
}
