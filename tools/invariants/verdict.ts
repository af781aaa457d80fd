/** A claim, how many cases it was checked on, and every case in which it did not hold. */
export interface Verdict {
  readonly claim: string;
  readonly seen: number;
  readonly broken: readonly string[];
}

const NO_EVIDENCE = 'no evidence: nothing was seen that this is about';

/** A claim that was checked on nothing does not hold: whoever made the evidence has failed. */
export function verdictOf(claim: string, seen: number, broken: readonly string[]): Verdict {
  return { claim, seen, broken: seen > 0 ? broken : [...broken, NO_EVIDENCE] };
}
