import 'reflect-metadata';
import { pino } from 'pino';
import { RebuildRanking } from '../../../src/application/popularity/rebuild-ranking.js';
import { RefreshRanking } from '../../../src/application/popularity/refresh-ranking.js';
import { createContainer } from '../../../src/config/container.js';
import { readSettings } from '../../../src/config/settings/settings.js';
import { LONG_WINDOWS } from '../../../src/domain/popularity/popularity.js';
import type { Env } from './instances.js';

/** Builds the ranking before the measurement. Else an instance would build it while its first requests run. */
export async function rebuildRanking(env: Env): Promise<void> {
  await using resources = new AsyncDisposableStack();
  const logger = pino({ level: 'warn' });
  const container = await createContainer(readSettings({ ...env }), logger, resources);
  await container.get(RebuildRanking).execute('missing');
  const refresh = container.get(RefreshRanking);
  for (const window of LONG_WINDOWS) await refresh.execute(window);
}
