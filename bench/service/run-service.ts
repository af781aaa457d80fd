import type { Contestant, Running, Servers } from './contestant.js';
import { measureBatchFloor } from './floors/batch-floor.js';
import { drive } from './load/drive.js';
import { measure } from './load/measure.js';
import { ONE_200, type Plan, type Scenario } from './plan.js';
import type { Sample } from './sample.js';

/** Makes an empty database and empties Redis. */
export type MakeServers = (needs?: { readonly kafka?: boolean }) => Promise<Servers>;

/**
 * Runs each scenario with each contestant, one after the other, each on its own database. Every second round
 * runs in reverse order, so that a noisy moment of the machine does not hit only one contestant.
 */
export async function runService(
  makeServers: MakeServers,
  contestants: readonly Contestant[],
  plan: Plan,
  progress: (line: string) => void,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const scenario of plan.scenarios) {
    progress(scenario.id);
    const invited = contestants.filter(({ id }) => scenario.among.includes(id));
    for (let round = 0; round < plan.rounds; round += 1) {
      for (const contestant of round % 2 === 0 ? invited : invited.toReversed()) {
        const servers = await makeServers({ kafka: contestant.needsKafka ?? false });
        await using running = await contestant.start(servers, scenario);
        samples.push(await play(contestant.id, scenario, plan, running, servers, round));
      }
      if (scenario === ONE_200) {
        samples.push(await measureBatchFloor(await makeServers(), scenario, plan, round));
      }
    }
  }
  return samples;
}

/**
 * The warm-up load before one request at a time is measured. With single requests it would take minutes until
 * Node has compiled the program and each customer's token was verified once.
 */
const FIRST_LOAD = { atOnce: 20, warmUpMs: 2_000, ms: 1 };

async function play(
  contestant: string,
  { id, what, products, atOnce, rate, warmUpMs }: Scenario,
  plan: Plan,
  { urls, processes, requests }: Running,
  servers: Servers,
  round: number,
): Promise<Sample> {
  const request = requests[what];
  if (!request) throw new Error(`${contestant} has no answer to: ${id}`);
  let next = 0;
  const nextRequest = () => {
    next = (next + 1) % products;
    return request(next);
  };
  if (atOnce === 1) await drive({ ...FIRST_LOAD, urls, request: nextRequest });
  return measure({
    ...{ urls, processes, servers, atOnce, rate, ms: plan.ms },
    warmUpMs: warmUpMs ?? plan.warmUpMs,
    label: { contestant, scenario: id, round },
    isQueued: what === 'queuedOrder',
    request: nextRequest,
  });
}
