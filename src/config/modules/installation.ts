/** The database this instance works on. */
export class Installation {
  constructor(
    /** A name that is its own. */
    readonly id: string,
    /** What all instances on it sign with, and nobody else can. */
    readonly secret: Uint8Array,
  ) {}
}
