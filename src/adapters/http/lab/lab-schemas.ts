import { z } from 'zod';
import { MAX_HOLD_MS, MAX_REQUESTS } from './lab-bounds.js';
import { Race } from './race-schema.js';

const Strategy = z.enum(['simple', 'spin', 'pubsub']);

/** The experiment whose steps the reader chooses; `race` has them. */
export const OWN_RACE = 'own-race';

/**
 * Settings of a run. A setting that the experiment does not use is refused. Times in milliseconds.
 */
export const RunSettings = z.strictObject({
  requests: z.int().min(2).max(MAX_REQUESTS).optional(),
  holdMs: z.int().min(10).max(MAX_HOLD_MS).optional(),
  strategy: Strategy.optional(),
  race: Race.optional(),
});

/** Body of `POST /lab/runs`. */
export const RunRequest = z.strictObject({
  experiment: z.string().max(64),
  settings: RunSettings.default({}),
});

/** Body of `POST /lab/session`: the code of a sign-in link. */
export const SignInRequest = z.strictObject({ code: z.string().max(128).optional() });

/** One recorded step; time in milliseconds since the first step of its run. */
export const RecordedStep = z.object({
  atMs: z.number(),
  request: z.string(),
  step: z.string(),
  detail: z.union([z.string(), z.number()]).optional(),
});

const LostUpdate = z.object({
  lost: z.string(),
  by: z.string(),
  readValue: z.number(),
  readAtMs: z.number(),
  snapshotAtMs: z.number(),
  lostValue: z.number(),
  lostCommitAtMs: z.number(),
  writtenValue: z.number(),
  overwrittenAtMs: z.number(),
});

/** The values, in milliseconds, that 0, 1, … 100 percent of the measured times do not exceed. */
const Distribution = z.array(z.number()).max(101);

const Balance = z.object({
  kind: z.literal('balance'),
  expected: z.number(),
  actual: z.number(),
  lostUpdates: z.number(),
  refused: z.number(),
  /** Only for an experiment that compares ways of waiting. */
  waits: z
    .object({
      served: z.number(),
      waitP50Ms: z.number(),
      waitP99Ms: z.number(),
      redisCommands: z.number(),
      fairness: z.number(),
      // Runs that were recorded by earlier versions do not have them.
      perSecond: z.number().optional(),
      waitsMs: Distribution.optional(),
    })
    .optional(),
});

const Freshness = z.object({
  kind: z.literal('freshness'),
  answers: z.number(),
  stale: z.number(),
  oldestMs: z.number(),
  boundMs: z.number(),
  databaseQueries: z.number(),
});

/** The result of a stampede: how many readers there were, and how often the database was asked. */
const Load = z.object({
  kind: z.literal('load'),
  readers: z.number(),
  databaseQueries: z.number(),
});

const Money = z.object({
  kind: z.literal('money'),
  order: z.string(),
  missing: z.number(),
});

const Ordering = z.object({
  kind: z.literal('ordering'),
  buyers: z.number(),
  sold: z.number(),
  oversold: z.number(),
  settledPerSecond: z.number(),
  settledMs: Distribution.optional(),
});

const Outcome = z.discriminatedUnion('kind', [Balance, Freshness, Load, Money, Ordering]);

const Report = z.object({
  variant: z.string(),
  timeline: z.array(RecordedStep),
  /** Steps beyond the limit, which are not in the timeline. */
  hiddenSteps: z.int(),
  outcome: Outcome,
  lostUpdates: z.array(LostUpdate),
});

/** A finished run, as `GET /lab/runs/{id}` sends it and the data folder keeps it. */
export const RunRecord = z.object({
  id: z.string(),
  experiment: z.string(),
  /** RFC 3339 in UTC. */
  startedAt: z.string(),
  /** `embedded`: on SQLite in one process; `servers`: on the database and Redis of the settings. */
  place: z.enum(['embedded', 'servers']),
  settings: RunSettings,
  reports: z.array(Report),
});

/** A run that waits or runs, as `GET /lab/runs/{id}` sends it with the status 202. */
export interface PendingRun extends z.output<typeof RunRequest> {
  readonly id: string;
}

/** An experiment, and whether this instance can run it. */
export interface LabExperiment {
  readonly id: string;
  readonly group: 'lock' | 'cache' | 'queue' | 'payment';
  readonly title: string;
  readonly question: string;
  /** Where it runs; undefined when this instance cannot run it. */
  readonly place?: 'embedded' | 'servers';
  /** What this instance lacks to run it. */
  readonly needs: readonly ('servers' | 'kafka' | 'a Redis to stop')[];
  /** The settings that this experiment uses, with the values they have unless set. */
  readonly settings: z.output<typeof RunSettings>;
}

/** What every stream of a run sends, by the name of the event. */
export interface QueueEvents {
  /** The run waits for `ahead` others. */
  readonly queued: { readonly id: string; readonly ahead: number };
  readonly started: { readonly id: string };
  readonly failed: { readonly reason: string };
}

/** What a stream of `POST /lab/runs` sends. */
export interface RunEvents extends QueueEvents {
  /** Steps that were recorded since the last event, in order. */
  readonly steps: readonly z.output<typeof RecordedStep>[];
  readonly finished: z.output<typeof RunRecord>;
}

export type EventOf<Events> = {
  [Name in keyof Events]: { readonly name: Name; readonly data: Events[Name] };
}[keyof Events];

export type RunEvent = EventOf<RunEvents>;
