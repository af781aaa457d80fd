import type { Experiment } from './experiment.js';
import { featureNamedKeys } from './scenarios/feature-named-keys.js';
import { noLock } from './scenarios/no-lock.js';
import { pausedHolder } from './scenarios/paused-holder.js';
import { releaseBeforeCommit } from './scenarios/release-before-commit.js';
import { rightOrder } from './scenarios/right-order.js';
import { transactionBeforeLock } from './scenarios/transaction-before-lock.js';
import { waysOfWaiting } from './scenarios/ways-of-waiting.js';

/** Every experiment, in the order in which they are best told. */
export const experiments: readonly Experiment[] = [
  noLock,
  transactionBeforeLock,
  releaseBeforeCommit,
  featureNamedKeys,
  rightOrder,
  pausedHolder,
  waysOfWaiting,
];
