import type {
  CacheExperiment,
  Experiment,
  LockExperiment,
  OrderingExperiment,
  PaymentExperiment,
} from './experiment.js';
import { busCut } from './scenarios/caching/bus-cut.js';
import { killedWriter } from './scenarios/caching/killed-writer.js';
import { localCaches } from './scenarios/caching/local-caches.js';
import { localCachesWithBus } from './scenarios/caching/local-caches-with-bus.js';
import { slowLoader } from './scenarios/caching/slow-loader.js';
import { stampede } from './scenarios/caching/stampede.js';
import { featureNamedKeys } from './scenarios/locking/feature-named-keys.js';
import { lockManagerDown } from './scenarios/locking/lock-manager-down.js';
import { noLock } from './scenarios/locking/no-lock.js';
import { pausedHolder } from './scenarios/locking/paused-holder.js';
import { releaseBeforeCommit } from './scenarios/locking/release-before-commit.js';
import { rightOrder } from './scenarios/locking/right-order.js';
import { transactionBeforeLock } from './scenarios/locking/transaction-before-lock.js';
import { waysOfWaiting } from './scenarios/locking/ways-of-waiting.js';
import { lockAgainstQueue } from './scenarios/ordering/lock-against-queue.js';
import { compensation } from './scenarios/paying/compensation.js';

/** In the order of `docs/learn/experiments.md`. */
export const lockExperiments: readonly LockExperiment[] = [
  noLock,
  transactionBeforeLock,
  releaseBeforeCommit,
  featureNamedKeys,
  rightOrder,
  pausedHolder,
  waysOfWaiting,
  lockManagerDown,
];

export const cacheExperiments: readonly CacheExperiment[] = [
  localCaches,
  localCachesWithBus,
  slowLoader,
  busCut,
  killedWriter,
  stampede,
];

const orderingExperiments: readonly OrderingExperiment[] = [lockAgainstQueue];

export const paymentExperiments: readonly PaymentExperiment[] = [compensation];

/** Every experiment. */
export const experiments: readonly Experiment[] = [
  ...lockExperiments,
  ...cacheExperiments,
  ...orderingExperiments,
  ...paymentExperiments,
];
