import type { Lack, Level } from '../cluster/cluster-api.js';

/** What the cluster panel says, in one language. Durations are whole milliseconds or seconds. */
export interface ClusterTexts {
  readonly title: string;
  /** Two sentences on what to do, and what to expect. */
  readonly intro: string;
  readonly lacks: Readonly<Record<Lack, string>>;
  readonly waiting: string;
  readonly reconnecting: string;
  readonly product: (name: string, sku: string) => string;
  readonly servesPage: string;
  readonly inSync: string;
  readonly notInSync: string;
  readonly busCut: (seconds: number) => string;
  readonly silent: (ms: number) => string;
  readonly noAnswer: string;
  readonly points: (price: string) => string;
  readonly version: string;
  readonly level: string;
  readonly levels: Readonly<Record<Level, string>>;
  readonly age: string;
  readonly current: string;
  readonly replaced: (ms: number) => string;
  readonly worst: string;
  readonly worstOf: (ms: number, boundMs: number) => string;
  readonly history: (worstMs: number, boundMs: number) => string;
  readonly newPrice: (instance: string) => string;
  readonly change: (instance: string) => string;
  readonly cut: string;
  readonly cutOf: (instance: string) => string;
  readonly pause: (seconds: number) => string;
  readonly pauseOf: (instance: string, seconds: number) => string;
  readonly cannotPause: string;
  readonly noBus: string;
  readonly answers: string;
  readonly invalidations: string;
  readonly invalidated: (byMessage: number, byComparison: number) => string;
  readonly monitor: string;
  readonly monitored: (samples: number, stale: number, atMostMs: number | null) => string;
  readonly lockWaits: (seconds: number) => string;
  readonly waited: (waits: number, meanMs: string, leasesLost: number) => string;
  readonly queue: string;
  readonly queued: (outbox: number | null, kafka: number | null) => string;
  readonly agreed: (price: string, ms: number, instances: number) => string;
  readonly agreeing: (price: string) => string;
  readonly wasCut: (instance: string) => string;
  readonly isBack: (instance: string) => string;
  readonly isPaused: (instance: string, seconds: number) => string;
  readonly isSilent: (instance: string) => string;
  readonly answersAgain: (instance: string) => string;
}
