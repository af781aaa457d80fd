/** Blocks its callers until it is opened. */
export class Gate {
  readonly #opening = Promise.withResolvers<void>();

  pass(): Promise<void> {
    return this.#opening.promise;
  }

  open(): void {
    this.#opening.resolve();
  }
}
