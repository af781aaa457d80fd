import { setImmediate as turn } from 'node:timers/promises';
import { median } from '../../statistics.js';
import type { Plan } from '../plan.js';
import type { Rate, Read, Run } from './rate.js';

/** Measures both alternately in one process, so that a noisy moment of the machine hits both. */
export async function pairedRate(run: Run, own: Read, floor: Read, plan: Plan): Promise<Rate> {
  const { slices, sliceMs } = plan;
  // Long enough for V8 to finish compiling both: in the first second it compiles them more than once.
  await run(floor, 10 * sliceMs);
  await run(own, 10 * sliceMs);
  const pairs: { own: number; floor: number }[] = [];
  for (let slice = 0; slice < slices; slice += 1) {
    pairs.push(await onePair(run, own, floor, sliceMs, slice % 2 === 0));
    await turn();
  }
  return {
    perSecond: median(pairs.map((pair) => pair.own)),
    floorPerSecond: median(pairs.map((pair) => pair.floor)),
    ofFloor: median(pairs.map((pair) => pair.own / pair.floor)),
  };
}

async function onePair(run: Run, own: Read, floor: Read, ms: number, floorFirst: boolean) {
  const before = floorFirst ? await run(floor, ms) : 0;
  await turn();
  const rate = await run(own, ms);
  await turn();
  return { own: rate, floor: floorFirst ? before : await run(floor, ms) };
}
