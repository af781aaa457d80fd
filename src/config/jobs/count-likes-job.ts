import type { Container } from 'inversify';
import { Counter, type Registry } from 'prom-client';
import {
  type Repetition,
  type RunFailure,
  runPeriodically,
} from '../../adapters/jobs/run-periodically.js';
import { CountLikes } from '../../application/catalogue/count-likes.js';
import type { Settings } from '../settings/settings.js';

/** Writes the counts of likes behind, for as long as the instance runs. */
export function countLikesRegularly(
  container: Container,
  settings: Settings,
  metrics: Registry,
  onError: RunFailure,
): Repetition {
  const registers = [metrics];
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  const counted = counter('likes_counted_total', 'Likes and their ends brought into the counts');
  const failures = counter('likes_count_failures_total', 'Runs of the count that failed');
  const countLikes = container.get(CountLikes);
  return runPeriodically(
    settings.LIKES_FLUSH_MS,
    async () => counted.inc(await countLikes.execute()),
    (error, again) => {
      failures.inc();
      onError(error, again);
    },
  );
}
