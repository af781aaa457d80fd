import 'reflect-metadata';
import { pino } from 'pino';
import { RebuildRanking } from '../../../src/application/popularity/rebuild-ranking.js';
import { RefreshRanking } from '../../../src/application/popularity/refresh-ranking.js';
import { createContainer } from '../../../src/config/container.js';
import { retryUntilReady } from '../../../src/config/modules/retry-until-ready.js';
import { readSettings } from '../../../src/config/settings/settings.js';
import { LONG_WINDOWS } from '../../../src/domain/popularity/popularity.js';
import { DependencyUnavailableError } from '../../../src/domain/ports/failures.js';
import type { Env } from './instances.js';

const WITHIN_MS = 10_000;

/**
 * With a million order lines, Redis adds up the sales of a week for a quarter of a second. The cache gets no reply
 * meanwhile, so Redis may count as down. The job of an instance also tries again then.
 */
const isUnavailable = (error: unknown) => error instanceof DependencyUnavailableError;

/** Builds the ranking before the measurement. Else an instance would build it while its first requests run. */
export async function rebuildRanking(env: Env): Promise<void> {
  await using resources = new AsyncDisposableStack();
  const logger = pino({ level: 'warn' });
  const container = await createContainer(readSettings({ ...env }), logger, resources);
  await container.get(RebuildRanking).execute('missing');
  const refresh = container.get(RefreshRanking);
  for (const window of LONG_WINDOWS) {
    await retryUntilReady(
      WITHIN_MS,
      () => refresh.execute(window),
      isUnavailable,
      () => undefined,
    );
  }
}
