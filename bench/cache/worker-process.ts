import { contestantOf } from './contestants.js';
import { l1Hits } from './figures/l1-hits.js';
import { l2Hits } from './figures/l2-hits.js';
import { watch, write } from './figures/latency.js';
import { stampede } from './figures/stampede.js';
import type { Plan } from './plan.js';
import { staleCounts } from './stale/stale-counts.js';

/** A task for one new process. The benchmark kills the process when it has the result. */
export interface Task {
  readonly figure: keyof typeof FIGURES;
  readonly contestant: string;
  readonly url: string;
  readonly plan: Plan;
  /** The key that the processes of one measurement share. */
  readonly key: string;
}

export type Answered<F extends Task['figure']> = Awaited<ReturnType<(typeof FIGURES)[F]>>;

export type TaskResult = { readonly result: unknown } | { readonly failure: string };

const FIGURES = { l1Hits, l2Hits, write, watch, stampede, staleCounts };

// Some packages report a lost connection by a rejection or an error event that no caller can handle.
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
