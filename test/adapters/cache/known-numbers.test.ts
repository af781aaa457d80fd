import { expect } from 'chai';
import { startRedis } from '../../../tools/servers/redis/start-redis.js';
import { unique } from '../../contract/cache-harness.js';
import { beginBase, type CacheInstance, cacheInstance, newBase, PATIENT } from './redis-caches.js';

describe('RedisCache.mayExist', () => {
  let resources: AsyncDisposableStack;
  let writer: CacheInstance;
  let reader: CacheInstance;

  beforeEach(async () => {
    resources = new AsyncDisposableStack();
    const { url } = resources.use(await startRedis());
    const settings = { ...PATIENT, base: newBase() };
    await beginBase(url, settings.base);
    [writer, reader] = [await cacheInstance(url, settings), await cacheInstance(url, settings)];
    for (const each of [writer, reader]) resources.defer(() => each.close());
  });

  afterEach(() => resources.disposeAsync());

  it('accepts numbers of writes whose message was lost, and refuses greater ones', async () => {
    reader.deaf = true;
    const number = await (await writer.cache.beginWrite([unique('thing')])).end();
    expect(reader.shared.position).to.be.below(number);
    expect(await reader.cache.mayExist(number)).to.equal(true);
    expect(await reader.cache.mayExist(number + 1)).to.equal(false);
  });

  it('accepts any number while Redis gives no reply', async () => {
    reader.clients.commands.destroy();
    const number = await (await writer.cache.beginWrite([unique('thing')])).end();
    expect(await reader.cache.mayExist(number + 1_000_000)).to.equal(true);
  });
});
