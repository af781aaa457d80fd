/** The outcome of a charge with this token, and of its first response. */
export interface TokenRule {
  readonly declines?: true;
  /** How the response fails; the charge is made. A second response for `late` is in time. */
  readonly responds?: 'never' | 'twice' | 'late';
}

/** The tokens of the sandbox. Any other token is declined. */
const SANDBOX_TOKENS: Readonly<Record<string, TokenRule>> = {
  tok_success: {},
  tok_declined: { declines: true },
  tok_insufficient: { declines: true },
  tok_timeout: { responds: 'never' },
  tok_twice: { responds: 'twice' },
  tok_late: { responds: 'late' },
};

export function ruleOf(token: string): TokenRule {
  return Object.hasOwn(SANDBOX_TOKENS, token) ? (SANDBOX_TOKENS[token] ?? {}) : { declines: true };
}
