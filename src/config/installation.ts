/** The database this instance works on, by a name that is its own. */
export class Installation {
  constructor(readonly id: string) {}
}
