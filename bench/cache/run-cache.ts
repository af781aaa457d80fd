import type { Contestant } from './contestant.js';
import { type Latency, latencyOf } from './figures/latency.js';
import type { Rate } from './figures/rate.js';
import type { Stampede } from './figures/stampede.js';
import type { Outcome } from './outcome.js';
import type { Plan } from './plan.js';
import type { StaleCounts } from './stale/stale-counts.js';
import { inProcess } from './worker.js';
import type { Task } from './worker-process.js';

/** Contestants that run at once while counts are taken. Load does not change counts, only times. */
const COUNTED_AT_ONCE = 3;
let keys = 0;

type Figures = { -readonly [F in keyof Outcome]: Outcome[F] } & {
  l1: Rate[];
  l2: Rate[];
  latency: Latency[];
};

/**
 * Runs every figure with all contestants, one after the other, and every second time in reverse
 * order. So a noisy moment of the machine does not hit only one contestant.
 */
export async function runCache(
  url: string,
  contestants: readonly Contestant[],
  plan: Plan,
  progress: (line: string) => void,
): Promise<Outcome[]> {
  progress('stale values');
  const counts = await countAll(url, contestants, plan);
  const outcomes: Figures[] = contestants.map(({ id }, index) => {
    const counted = counts[index];
    if (!counted) throw new Error(`${id} has no stale and stampede counts`);
    return { contestant: id, l1: [], l2: [], latency: [], ...counted };
  });
  for (let round = 0; round < plan.rounds; round += 1) {
    progress(`round ${round + 1} of ${plan.rounds}`);
    const order = contestants.map((contestant, index) => ({ contestant, index }));
    if (round % 2 === 1) order.reverse();
    // All contestants run one figure before the next, so that compared values are close in time.
    for (const play of [playL1, playL2, ...Array.from({ length: plan.turns }, () => playLatency)]) {
      for (const { contestant, index } of order) {
        const outcome = outcomes[index];
        const task = () => ({ contestant: contestant.id, url, plan, key: `${keys++}` });
        if (outcome) await attempt(contestant, () => play(outcome, contestant, task()));
      }
      order.reverse();
    }
  }
  return outcomes;
}

type Common = Omit<Task, 'figure'>;

async function playL1({ l1 }: Figures, { hasL1 }: Contestant, task: Common): Promise<void> {
  if (hasL1) l1.push(await inProcess({ ...task, figure: 'l1Hits' }));
}

async function playL2({ l2 }: Figures, { hasL2 }: Contestant, task: Common): Promise<void> {
  if (hasL2) l2.push(await inProcess({ ...task, figure: 'l2Hits' }));
}

async function playLatency(
  { latency }: Figures,
  contestant: Contestant,
  task: Common,
): Promise<void> {
  if (!receivesInvalidations(contestant)) return;
  const read = inProcess({ ...task, figure: 'watch' });
  const begun = inProcess({ ...task, figure: 'write' });
  // Both have ended before the next process begins, also when one has failed.
  await Promise.allSettled([read, begun]);
  latency.push(latencyOf(await begun, await read));
}

function receivesInvalidations({ bus, hasL1, hasL2 }: Contestant): boolean {
  return bus !== 'none' || (hasL2 && !hasL1);
}

async function countAll(url: string, contestants: readonly Contestant[], plan: Plan) {
  const counted: { stale: StaleCounts; stampede: Stampede }[] = [];
  const waiting = [...contestants.entries()];
  const line = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, contestant] = next;
      const task = { contestant: contestant.id, url, plan, key: `${keys++}` };
      const count = <F extends 'staleCounts' | 'stampede'>(figure: F) =>
        attempt(contestant, () => inProcess({ ...task, figure }));
      counted[index] = { stale: await count('staleCounts'), stampede: await count('stampede') };
    }
  };
  await Promise.all(Array.from({ length: COUNTED_AT_ONCE }, line));
  return counted;
}

/** Tries once more when a peer fails: on a busy machine its connection may time out. Lockstep must not fail. */
function attempt<T>({ kind }: Contestant, work: () => Promise<T>): Promise<T> {
  return kind === 'peer' ? work().catch(work) : work();
}
