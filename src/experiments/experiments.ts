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
import { featureNamedKeys } from './scenarios/feature-named-keys.js';
import { lockManagerDown } from './scenarios/lock-manager-down.js';
import { noLock } from './scenarios/no-lock.js';
import { lockAgainstQueue } from './scenarios/ordering/lock-against-queue.js';
import { pausedHolder } from './scenarios/paused-holder.js';
import { compensation } from './scenarios/paying/compensation.js';
import { releaseBeforeCommit } from './scenarios/release-before-commit.js';
import { rightOrder } from './scenarios/right-order.js';
import { transactionBeforeLock } from './scenarios/transaction-before-lock.js';
import { waysOfWaiting } from './scenarios/ways-of-waiting.js';

/** In the order in which they are best told. */
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
