/**
 * `on` verifies the server's certificate and its name, `verify-ca` the certificate only, and
 * `unverified` encrypts for whoever answers.
 */
export const TLS_MODES = ['off', 'on', 'verify-ca', 'unverified'] as const;

export type TlsMode = (typeof TLS_MODES)[number];

/** `encrypted` asks for TLS without saying what is verified; undefined says nothing of TLS. */
export type AskedByAddress = TlsMode | 'encrypted' | undefined;

/**
 * The mode that a variable and an address ask for together; undefined where they contradict.
 * Verification is left out only where somebody asked for that by its name.
 */
export function agreedMode(set: TlsMode | undefined, asked: AskedByAddress): TlsMode | undefined {
  if (asked === undefined) return set ?? 'off';
  if (asked === 'encrypted') return set === 'off' ? undefined : (set ?? 'on');
  return set === undefined || set === asked ? asked : undefined;
}
