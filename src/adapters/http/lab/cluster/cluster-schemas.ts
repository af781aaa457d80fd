import { z } from 'zod';
import type { CacheSource } from '../../../../domain/ports/cache-port.js';
import { MAX_POINTS } from '../../../../domain/wallets/points.js';
import { MAX_BUS_CUT_MS } from './cluster-bounds.js';

/** Body of `POST /lab/cluster/instances/{number}/price`, in points. */
export const PriceChange = z.strictObject({
  price: z.int().min(0).max(MAX_POINTS),
});

/** Body of a request that cuts the bus of an instance, for so many milliseconds; 0 ends the cut. */
export const BusCut = z.strictObject({ forMs: z.int().min(0).max(MAX_BUS_CUT_MS) });

/** What the metrics of an instance say, since its start. Null: the instance does not know it now. */
export const InstanceFigures = z.object({
  /** Invalidations that arrived by a message of the bus, or by a comparison with Redis. */
  invalidations: z.object({ byMessage: z.number(), byComparison: z.number() }),
  /** The staleness monitor: answers that it compared with the database. */
  staleness: z.object({
    samples: z.number(),
    /** Those that had been replaced more than a millisecond before. */
    stale: z.number(),
    /** None was staler than this many milliseconds. */
    atMostMs: z.number().nullable(),
  }),
  lock: z.object({ waits: z.number(), waitedMs: z.number(), leasesLost: z.number() }),
  /** Order requests that wait: in the outbox, and in Kafka. */
  queue: z.object({ outbox: z.number().nullable(), kafka: z.number().nullable() }),
});

/** Answer of `GET /lab/cluster/self`: the instance about itself. Durations in milliseconds. */
export const InstanceState = z.object({
  instance: z.string(),
  /** The staleness bound. */
  boundMs: z.number(),
  /** Whether it has received every invalidation for certain. */
  isInSync: z.boolean(),
  /** Null: it has no bus, because it does not share its cache. */
  bus: z.object({ cutForMs: z.number() }).nullable(),
  /** How long a pause lasts, longer than the lease of its locks; null: it cannot pause itself. */
  pauseMs: z.number().nullable(),
  figures: InstanceFigures,
});

/** The last answer of an instance, and how long its value had been replaced when it was asked for. */
export interface ShownAnswer {
  readonly price: number;
  readonly version: number;
  readonly source: CacheSource;
  readonly staleMs: number;
}

export interface ShownInstance {
  /** Its place in the list of addresses, from 1. */
  readonly number: number;
  readonly url: string;
  readonly answer: ShownAnswer | undefined;
  /** Milliseconds since the first read that has had no answer; 0: it answered the last one. */
  readonly silentMs: number;
  /** Answers since the lab began to watch, and the worst of them. */
  readonly answers: number;
  readonly worstStaleMs: number;
  readonly beyondBound: number;
  /** The last one that is known. */
  readonly state: z.output<typeof InstanceState> | undefined;
}

/** The latest change of the price; `agreedMs` is how long after it all instances that answer agreed. */
export interface ShownChange {
  readonly price: number;
  readonly version: number;
  readonly agreedMs: number | undefined;
}

/** Data of the event `snapshot` of `GET /lab/cluster/events`. */
export interface ClusterSnapshot {
  readonly product: { readonly id: string; readonly sku: string; readonly name: string };
  /** Name of the instance that sends this. */
  readonly self: string;
  readonly boundMs: number;
  readonly change: ShownChange | undefined;
  readonly instances: readonly ShownInstance[];
}

/** Answer of `GET /lab/cluster`: what the panel lacks on this instance. */
export interface ClusterAvailability {
  readonly lacks: 'addresses' | 'secret' | undefined;
}
