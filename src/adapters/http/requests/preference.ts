export const RESPOND_ASYNC = 'respond-async';

/** Its commas part nothing. */
const QUOTED = /"(?:[^"\\]|\\.)*"/g;

/** Whether `Prefer` (RFC 7240, section 2) holds `respond-async`, which takes no value. */
export function prefersAsync(prefer = ''): boolean {
  const preferences = prefer
    .replaceAll(QUOTED, '')
    .split(',')
    .map((preference) => preference.split(/[;=]/)[0] ?? '');
  return preferences.some((name) => name.trim().toLowerCase() === RESPOND_ASYNC);
}
