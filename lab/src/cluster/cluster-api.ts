import { SNAPSHOT_EVERY_MS } from '../../../src/adapters/http/lab/cluster/cluster-bounds.js';
import type {
  ClusterAvailability,
  ClusterSnapshot,
} from '../../../src/adapters/http/lab/cluster/cluster-schemas.js';
import { eventsOf, send } from '../api.js';

export type { ClusterSnapshot };
export type Lack = NonNullable<ClusterAvailability['lacks']>;
export type ShownInstance = ClusterSnapshot['instances'][number];
export type Level = NonNullable<ShownInstance['answer']>['source'];

export const SNAPSHOTS_A_SECOND = 1_000 / SNAPSHOT_EVERY_MS;

/** Undefined: the panel lacks nothing. */
export async function findLack(): Promise<Lack | undefined> {
  return ((await (await send('/lab/cluster')).json()) as ClusterAvailability).lacks;
}

/** Yields a snapshot several times a second, until the connection ends or `signal` aborts. */
export async function* watchCluster(signal: AbortSignal): AsyncGenerator<ClusterSnapshot> {
  const response = await send('/lab/cluster/events', { signal });
  for await (const { data } of eventsOf(response)) yield data as ClusterSnapshot;
}

/** @throws ApiError */
export async function changePrice(instance: number, price: number): Promise<void> {
  await command(instance, 'price', { price });
}

/** @param forMs milliseconds; 0 ends the cut */
export async function cutBus(instance: number, forMs: number): Promise<void> {
  await command(instance, 'bus-cut', { forMs });
}

export async function pauseInstance(instance: number): Promise<void> {
  await command(instance, 'pause', {});
}

async function command(instance: number, name: string, body: object): Promise<void> {
  const init = { method: 'POST', body: JSON.stringify(body) };
  await send(`/lab/cluster/instances/${instance}/${name}`, init);
}

/** The name of the instance; before its first answer the name is not known, so its address. */
export function nameOf({ state, url }: ShownInstance): string {
  return state?.instance ?? new URL(url).host;
}
