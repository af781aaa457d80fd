/** One request for the load generator. */
export interface LoadRequest {
  readonly method: 'GET' | 'PATCH';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** `off`: no cache; `shared`: L2 only; `on`: L1 and L2. */
export type Mode = 'off' | 'shared' | 'on';

export const MODES: readonly { readonly mode: Mode; readonly title: string }[] = [
  { mode: 'off', title: 'off' },
  { mode: 'shared', title: 'Redis only' },
  { mode: 'on', title: 'both levels' },
];

/** A load: which requests the clients send. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** Requests that are sent once before the measurement, so that a cache has their answers. */
  readonly filledBy: readonly LoadRequest[];
  /** The requests of a run. Each run has another sequence, which is the same in all modes. */
  requests(run: number, mode: Mode): () => LoadRequest;
}
