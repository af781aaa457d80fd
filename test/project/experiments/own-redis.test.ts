import { createClient } from '@redis/client';
import { expect } from 'chai';
import { OwnRedis } from '../../../src/experiments/support/own-redis.js';
import { TemporaryFolder } from '../../../tools/servers/temporary-folder.js';

/** So many that Redis still loads them when it accepts connections again. */
const KEYS = 300_000;
const FILL = "for i = 1, tonumber(ARGV[1]) do redis.call('SET', 'key:' .. i, i) end";

describe('The Redis that an experiment stops', () => {
  it('is started when it has loaded its data, not when it accepts connections', async () => {
    await using folder = new TemporaryFolder('own-redis');
    await using redis = await OwnRedis.launch(folder.path);
    await ask(redis, ['EVAL', FILL, '0', `${KEYS}`]);
    await redis.stop('abruptly');
    await redis.start();
    expect(await ask(redis, ['DBSIZE'])).to.equal(KEYS);
  });
});

async function ask({ url }: OwnRedis, command: string[]): Promise<unknown> {
  const client = await createClient({ url }).connect();
  try {
    return await client.sendCommand(command);
  } finally {
    client.destroy();
  }
}
