/** A claim, how many cases it was checked on, and every case in which it did not hold. */
export interface Verdict {
  readonly claim: string;
  readonly seen: number;
  readonly broken: readonly string[];
}

const NO_EVIDENCE = 'no evidence: there was no case to check';

/** A claim without any case to check does not hold. */
export function verdictOf(claim: string, seen: number, broken: readonly string[]): Verdict {
  return { claim, seen, broken: seen > 0 ? broken : [...broken, NO_EVIDENCE] };
}
