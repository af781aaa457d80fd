import { contestantOf } from './contestants.js';
import { l1Hits } from './figures/l1-hits.js';
import { l2Hits } from './figures/l2-hits.js';
import { watch, write } from './figures/latency.js';
import { stampede } from './figures/stampede.js';
import type { Plan } from './plan.js';
import { staleCounts } from './stale/stale-counts.js';

/** What the benchmark asks of a process of its own, which it ends when it has the answer. */
export interface Task {
  readonly figure: keyof typeof FIGURES;
  readonly contestant: string;
  readonly url: string;
  readonly plan: Plan;
  /** What several processes share. */
  readonly key: string;
}

export type Answered<F extends Task['figure']> = Awaited<ReturnType<(typeof FIGURES)[F]>>;

export type TaskResult = { readonly result: unknown } | { readonly failure: string };

const FIGURES = { l1Hits, l2Hits, write, watch, stampede, staleCounts };

// To some packages a lost connection is a rejection that nobody awaits, or an error nobody can hear.
process.on('unhandledRejection', () => undefined);
process.on('uncaughtException', () => undefined);
process.once('disconnect', () => process.exit());
process.once('message', (message) => {
  const { figure, contestant, url, plan, key } = message as Task;
  FIGURES[figure](contestantOf(contestant), url, plan, key).then(
    (result) => process.send?.({ result } satisfies TaskResult),
    (error) => process.send?.({ failure: String(error?.stack ?? error) } satisfies TaskResult),
  );
});
