/**
 * `on` verifies the certificate and the name of the server. `verify-ca` verifies the certificate only.
 * `unverified` encrypts without any verification.
 */
export const TLS_MODES = ['off', 'on', 'verify-ca', 'unverified'] as const;

export type TlsMode = (typeof TLS_MODES)[number];

/** `encrypted` asks for TLS and names no verification; undefined does not mention TLS. */
export type AskedByAddress = TlsMode | 'encrypted' | undefined;

/**
 * The mode that a variable and an address agree on; undefined when they contradict each other. Without
 * an explicit setting, everything is verified.
 */
export function agreedMode(set: TlsMode | undefined, asked: AskedByAddress): TlsMode | undefined {
  if (asked === undefined) return set ?? 'off';
  if (asked === 'encrypted') return set === 'off' ? undefined : (set ?? 'on');
  return set === undefined || set === asked ? asked : undefined;
}
