import { contestantOf } from '../contestants.js';
import { Load, type LoadShape } from './load.js';
import type { ProcessLog } from './section-log.js';

/** The messages of the benchmark to a process that runs waiters, in the sequence in which it sends them. */
export type WorkerOrder =
  | {
      readonly order: 'open';
      readonly contestant: string;
      readonly url: string;
      readonly key: string;
      readonly shape: LoadShape;
      /** The waiters of all processes. */
      readonly waiters: number;
    }
  | { readonly order: 'go' }
  | { readonly order: 'stop' };

export type WorkerEvent =
  | { readonly event: 'started' }
  | { readonly event: 'open' }
  /** Every waiter of a burst has ended. */
  | { readonly event: 'done' }
  | { readonly event: 'log'; readonly log: ProcessLog }
  /** No waiter waits or holds the lock any more. */
  | { readonly event: 'idle' };

let load: Load | undefined;
let finish = async (): Promise<void> => undefined;

function tell(event: WorkerEvent): void {
  process.send?.(event);
}

async function open(order: Extract<WorkerOrder, { order: 'open' }>): Promise<void> {
  const { contestant, url, waiters, shape, key } = order;
  const session = await contestantOf(contestant).open({ url, waiters, once: shape.once });
  load = new Load(session, shape, key);
  finish = () => session.close();
  tell({ event: 'open' });
}

function go(): void {
  const end = finish;
  const running = load?.run().then(() => tell({ event: 'done' }));
  finish = async () => {
    await running;
    await end();
    tell({ event: 'idle' });
  };
}

function stop(): void {
  if (load) tell({ event: 'log', log: load.stop() });
  finish().catch(reportStray);
}

function reportStray(error: unknown): void {
  load?.failed(error);
}

process.on('unhandledRejection', reportStray);
process.on('uncaughtException', reportStray);
process.once('disconnect', () => process.exit());
process.on('message', (message) => {
  const order = message as WorkerOrder;
  if (order.order === 'open') open(order).catch(reportStray);
  else if (order.order === 'go') go();
  else stop();
});
tell({ event: 'started' });
