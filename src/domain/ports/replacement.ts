/** A changed row, and the version of the row that it replaces. */
export interface Replacement<State> {
  /** The new state, with the version that the row will have. */
  readonly state: State;
  /** 0 for a new row. */
  readonly readVersion: number;
}
