import { verdictOf } from '../../../../tools/invariants/verdict.js';
import { servers } from '../../../support/backends.js';
import { type CrashPoint, crashPoints, nameOf } from '../card-saga/crash-point.js';
import { CrashingShop } from '../card-saga/crashing-shop.js';
import type { FaultReport, FaultScenario } from '../support/fault-scenario.js';
import { Random } from '../support/random.js';

/** How often the command kills an instance, for any duration. */
const CRASHES = 50;

/**
 * Kills an instance at each of these points, one after another, at the first visits up to the given
 * number. Then it compares the state.
 */
export async function crashAt(
  points: readonly CrashPoint[],
  random: Random,
  times = 1,
): Promise<FaultReport> {
  await using open = await servers.open();
  await using shop = await CrashingShop.open(open, random);
  const missed: string[] = [];
  for (const point of points) {
    if (!(await shop.life(point, Math.ceil(random.next() * times)))) missed.push(nameOf(point));
  }
  const verdicts = await shop.verdicts();
  const names = new Set(points.map(nameOf));
  return {
    done: [
      `${points.length - missed.length} instances killed, at ${names.size} points of card payments`,
      `${shop.orders} orders by customers who repeat what they got no answer to`,
    ],
    verdicts: [...verdicts, verdictOf('every instance came to its point', points.length, missed)],
    figures: [],
  };
}

export const cardSaga: FaultScenario = {
  name: 'card-saga',
  title: `an instance is killed ${CRASHES} times, at each step of card payments`,
  seconds: 0,
  run: ({ seed }) => {
    const random = new Random(seed);
    const round = () => random.shuffled(crashPoints);
    return crashAt([...round(), ...round()].slice(0, CRASHES), random, 2);
  },
};
