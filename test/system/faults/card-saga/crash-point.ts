const CALLS = ['authorise', 'find', 'capture', 'void', 'refund'] as const;
const COMMITS = [
  'STARTED',
  'CONFIRMED',
  'CAPTURED',
  'DECLINED',
  'VOIDING',
  'VOIDED',
  'REFUNDING',
  'REFUNDED',
] as const;

/** A step of a card payment: a call to the gateway, or the commit that leads to a status. */
export type Step = (typeof CALLS)[number] | (typeof COMMITS)[number];

/** The moment before or after a step at which an instance is killed. */
export interface CrashPoint {
  readonly when: 'before' | 'after';
  readonly step: Step;
}

/**
 * The variable that names the crash point of an instance, and at which visit of it the instance
 * dies.
 */
export const CRASH_AT = 'TEST_CRASH_AT';
export const CRASH_TIME = 'TEST_CRASH_TIME';

export const crashPoints: readonly CrashPoint[] = [...CALLS, ...COMMITS].flatMap((step) => [
  { when: 'before' as const, step },
  { when: 'after' as const, step },
]);

export function nameOf({ when, step }: CrashPoint): string {
  const isCall = CALLS.some((call) => call === step);
  return isCall ? `${when} the gateway's ${step}` : `${when} the commit of ${step}`;
}
