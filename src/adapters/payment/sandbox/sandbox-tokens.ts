/** What becomes of a charge with this token, and of its first answer. */
export interface TokenRule {
  readonly declines?: true;
  /** The charge is made all the same; `late` comes in time when it is asked for again. */
  readonly answers?: 'never' | 'twice' | 'late';
}

/** Cards of the sandbox. Any other token is declined. */
const SANDBOX_TOKENS: Readonly<Record<string, TokenRule>> = {
  tok_success: {},
  tok_declined: { declines: true },
  tok_insufficient: { declines: true },
  tok_timeout: { answers: 'never' },
  tok_twice: { answers: 'twice' },
  tok_late: { answers: 'late' },
};

export function ruleOf(token: string): TokenRule {
  return Object.hasOwn(SANDBOX_TOKENS, token) ? (SANDBOX_TOKENS[token] ?? {}) : { declines: true };
}
