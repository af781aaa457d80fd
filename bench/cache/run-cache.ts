import type { Contestant } from './contestant.js';
import { type Latency, latencyOf } from './figures/latency.js';
import type { Rate } from './figures/rate.js';
import type { Stampede } from './figures/stampede.js';
import type { Outcome } from './outcome.js';
import type { Plan } from './plan.js';
import type { StaleCounts } from './stale/stale-counts.js';
import { inProcess } from './worker.js';

/** What is no time can be counted with several contestants at once. */
const COUNTED_AT_ONCE = 4;
let keys = 0;

type Figures = { -readonly [F in keyof Outcome]: Outcome[F] } & {
  l1: Rate[];
  l2: Rate[];
  latency: Latency[];
};

/**
 * Plays every round with everybody, one after the other, so that a noisy moment hits neighbours
 * alike; every other round in the opposite order.
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
    if (!counted) throw new Error(`${id} was not counted`);
    return { contestant: id, l1: [], l2: [], latency: [], ...counted };
  });
  for (let round = 0; round < plan.rounds; round += 1) {
    progress(`round ${round + 1} of ${plan.rounds}`);
    const order = contestants.map((contestant, index) => ({ contestant, index }));
    for (const { contestant, index } of round % 2 === 0 ? order : order.reverse()) {
      const outcome = outcomes[index];
      if (outcome) await playRound(outcome, contestant, url, plan);
    }
  }
  return outcomes;
}

async function playRound(
  { l1, l2, latency }: Figures,
  contestant: Contestant,
  url: string,
  plan: Plan,
): Promise<void> {
  const task = { contestant: contestant.id, url, plan, key: `${keys++}` };
  if (contestant.hasL1) l1.push(await inProcess({ ...task, figure: 'l1Hits' }));
  if (contestant.hasL2) l2.push(await inProcess({ ...task, figure: 'l2Hits' }));
  if (!hearsOfWrites(contestant)) return;
  const [read, begun] = await Promise.all([
    inProcess({ ...task, figure: 'watch' }),
    inProcess({ ...task, figure: 'write' }),
  ]);
  latency.push(latencyOf(begun, read));
}

function hearsOfWrites({ bus, hasL1, hasL2 }: Contestant): boolean {
  return bus !== 'none' || (hasL2 && !hasL1);
}

async function countAll(url: string, contestants: readonly Contestant[], plan: Plan) {
  const counted: { stale: StaleCounts; stampede: Stampede }[] = [];
  const waiting = [...contestants.entries()];
  const line = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, { id }] = next;
      const task = { contestant: id, url, plan, key: `${keys++}` };
      const stale = await inProcess({ ...task, figure: 'staleCounts' });
      const stampede = await inProcess({ ...task, figure: 'stampede' });
      counted[index] = { stale, stampede };
    }
  };
  await Promise.all(Array.from({ length: COUNTED_AT_ONCE }, line));
  return counted;
}
