import { setTimeout as delay } from 'node:timers/promises';
import type { Contestant } from '../contestant.js';
import type { Plan } from '../plan.js';
import { Instances } from './instances.js';
import { STALE_SCENARIOS, type StaleScenario } from './scenarios.js';

/**
 * Scenario id to the number of tries after which a replaced value stayed in a cache. A scenario that
 * cannot happen to the contestant is absent.
 */
export type StaleCounts = Readonly<Record<string, number>>;

export async function staleCounts(
  contestant: Contestant,
  url: string,
  plan: Plan,
): Promise<StaleCounts> {
  const counts: Record<string, number> = {};
  for (const scenario of STALE_SCENARIOS) {
    if (!scenario.concerns(contestant)) continue;
    const tries = Array.from({ length: plan.tries }, () =>
      staysStale(contestant, scenario, url, plan.staleAfterMs),
    );
    counts[scenario.id] = (await Promise.all(tries)).filter(Boolean).length;
  }
  return counts;
}

async function staysStale(
  contestant: Contestant,
  scenario: StaleScenario,
  url: string,
  staleAfterMs: number,
): Promise<boolean> {
  const instances = await Instances.of(contestant, url);
  await scenario.play(instances);
  await delay(staleAfterMs);
  return instances.areStale();
}
