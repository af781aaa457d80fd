import type { RaceStepName } from '../../../src/adapters/http/lab/race-order.js';
import type { RaceRequest } from '../api.js';

const WORK = ['read', 'write'] as const;
const RIGHT: readonly RaceStepName[] = ['lock', 'begin', ...WORK, 'commit', 'release'];
const AROUND: readonly RaceStepName[] = ['begin', 'lock', ...WORK, 'commit', 'release'];
const EARLY: readonly RaceStepName[] = ['lock', 'begin', ...WORK, 'release', 'commit'];
const BARE: readonly RaceStepName[] = ['begin', ...WORK, 'commit'];

/** Pause before the write and before the commit, in milliseconds: long enough for other requests to act. */
const PAUSE_MS = 120;

/** The usual mistakes, and the right order, as a race of two or three requests. */
export const PRESETS: Readonly<Record<string, readonly RaceRequest[]>> = {
  'transaction around the lock': twice(AROUND),
  'release before the commit': twice(EARLY),
  'one key a feature': [request(RIGHT, 'charge:alice'), request(RIGHT, 'pay:alice')],
  'one key for all users': [...twice(RIGHT, 'wallets'), request(RIGHT, 'wallets')],
  'no lock': twice(BARE),
  'the right order': twice(RIGHT),
};

/** The name of the preset that is this race; empty where there is none. */
export function presetOf(race: readonly RaceRequest[]): string {
  const text = JSON.stringify(race);
  return Object.keys(PRESETS).find((name) => JSON.stringify(PRESETS[name]) === text) ?? '';
}

function twice(steps: readonly RaceStepName[], key?: string): RaceRequest[] {
  return [request(steps, key), request(steps, key)];
}

export function request(steps: readonly RaceStepName[] = RIGHT, key = 'wallet:alice'): RaceRequest {
  const delayOf = (step: RaceStepName) => (step === 'write' || step === 'commit' ? PAUSE_MS : 0);
  return { key, steps: steps.map((step) => ({ do: step, delayMs: delayOf(step) })) };
}

/** Moves a step by one place; undefined where the order would be impossible. */
export function moved(
  { key, steps }: RaceRequest,
  from: number,
  by: 1 | -1,
  isPossible: (steps: readonly RaceStepName[]) => boolean,
): RaceRequest | undefined {
  const to = from + by;
  const [step, other] = [steps[from], steps[to]];
  if (!step || !other) return undefined;
  const changed = steps.with(from, other).with(to, step);
  return isPossible(changed.map((one) => one.do)) ? { key, steps: changed } : undefined;
}

/** The same request with a lock around everything, or with none. */
export function withLock({ key, steps }: RaceRequest, isLocked: boolean): RaceRequest {
  const rest = steps.filter((step) => step.do !== 'lock' && step.do !== 'release');
  if (!isLocked) return { key, steps: rest };
  return {
    key,
    steps: [{ do: 'lock', delayMs: 0 }, ...rest, { do: 'release', delayMs: 0 }],
  };
}
