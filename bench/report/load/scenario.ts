/** One request, as the load generator takes it. */
export interface LoadRequest {
  readonly method: 'GET' | 'PATCH';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A way of running the service. */
export type Mode = 'off' | 'shared' | 'on';

export const MODES: readonly { readonly mode: Mode; readonly title: string }[] = [
  { mode: 'off', title: 'off' },
  { mode: 'shared', title: 'Redis only' },
  { mode: 'on', title: 'both levels' },
];

/** What clients ask for, again and again. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** Asked for once before anything is measured, so that it is in the cache where one keeps it. */
  readonly filledBy: readonly LoadRequest[];
  /** A new sequence for each run, and the same for the same run in every mode. */
  requests(run: number, mode: Mode): () => LoadRequest;
}
