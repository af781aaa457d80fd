export const RESPOND_ASYNC = 'respond-async';

/** A quoted value; a comma inside it is not a separator. */
const QUOTED = /"(?:[^"\\]|\\.)*"/g;

/** Whether `Prefer` (RFC 7240, section 2) contains `respond-async`, which has no value. */
export function prefersAsync(prefer: string | undefined): boolean {
  if (!prefer) return false;
  const preferences = prefer
    .replaceAll(QUOTED, '')
    .split(',')
    .map((preference) => preference.split(/[;=]/)[0] ?? '');
  return preferences.some((name) => name.trim().toLowerCase() === RESPOND_ASYNC);
}
