import { randomBytes } from 'node:crypto';

/** Digits of the time in a name, in hexadecimal; enough until the year 2527. */
const TIME_DIGITS = 11;

/** A name for what a run creates on servers. It begins with the time, so that leftovers can be found. */
export function newRunName(nowMs = Date.now()): string {
  const time = nowMs.toString(16).padStart(TIME_DIGITS, '0');
  return `${time}${randomBytes(4).toString('hex')}`;
}

/** When the run with this name began, in milliseconds since 1970; undefined for another name. */
export function beganAtMs(name: string): number | undefined {
  return /^[\da-f]{19}$/.test(name) ? Number.parseInt(name.slice(0, TIME_DIGITS), 16) : undefined;
}
