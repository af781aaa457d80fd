import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { pino } from 'pino';
import { createContainer } from '../../src/config/container.js';
import { readSettings } from '../../src/config/settings/settings.js';
import { LockBusyError, LockPort } from '../../src/domain/ports/lock-port.js';
import { RedisServer } from '../adapters/lock/support/redis-server.js';
import { refusalOf } from '../contract/lock-harness.js';

describe('Two services on one Redis', () => {
  let server: RedisServer;
  let folders: string[];
  let resources: AsyncDisposableStack;
  beforeEach(async () => {
    server = await RedisServer.start();
    const folder = () => mkdtemp(path.join(tmpdir(), 'shared-redis-'));
    folders = await Promise.all([folder(), folder()]);
    resources = new AsyncDisposableStack();
  });
  afterEach(async () => {
    await resources.disposeAsync();
    await Promise.all(folders.map((each) => rm(each, { recursive: true })));
    await server.stop();
  });

  async function lockOf(folder: string | undefined): Promise<LockPort> {
    const settings = readSettings({ REDIS_URL: server.url, DATA_DIR: folder });
    const container = await createContainer(settings, pino({ level: 'silent' }), resources);
    return container.get(LockPort);
  }

  it("exclude each other's locks if and only if they use the same database", async () => {
    const [here, there] = folders;
    const locks = [await lockOf(here), await lockOf(here), await lockOf(there)] as const;
    const lease = await locks[0].acquire(['wallet:1']);
    expect(await refusalOf(locks[1].acquire(['wallet:1'], { waitMs: 0 }))).instanceOf(
      LockBusyError,
    );
    await (await locks[2].acquire(['wallet:1'], { waitMs: 0 })).release();
    await lease.release();
  });
});
