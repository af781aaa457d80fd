export const RACE_STEPS = ['lock', 'begin', 'read', 'write', 'commit', 'release'] as const;
export type RaceStepName = (typeof RACE_STEPS)[number];

/** The key of a lock; the page checks its field with it too. */
export const RACE_KEY = /^[\w:-]{1,40}$/;

/** Steps that need an earlier one. */
const AFTER: readonly (readonly [step: RaceStepName, earlier: RaceStepName])[] = [
  ['read', 'begin'],
  ['write', 'read'],
  ['commit', 'write'],
  ['release', 'lock'],
];

/** What is wrong with the order of steps of one request; undefined when nothing is. */
export function orderProblem(steps: readonly RaceStepName[]): string | undefined {
  if (new Set(steps).size < steps.length) return 'each step at most once';
  for (const needed of ['begin', 'read', 'write', 'commit'] as const) {
    if (!steps.includes(needed)) return `${needed} is missing`;
  }
  if (steps.includes('lock') !== steps.includes('release')) return 'lock and release go together';
  const wrong = AFTER.find(
    ([step, earlier]) => steps.includes(step) && steps.indexOf(step) < steps.indexOf(earlier),
  );
  return wrong && `${wrong[0]} comes after ${wrong[1]}`;
}
