import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { expect } from 'chai';
import { pino } from 'pino';
import {
  CHANNEL_COMMANDS,
  KEY_COMMANDS,
  OTHER_COMMANDS,
  REQUIRED_RIGHTS,
} from '../../src/adapters/redis/missing-rights.js';
import { SeedCatalogue } from '../../src/application/catalogue/seed-catalogue.js';
import { describeFailure } from '../../src/commands/describe-failure.js';
import { redisRefusal } from '../../src/config/redis-access.js';
import { readSettings, SettingsError } from '../../src/config/settings/settings.js';
import { projectRoot } from '../../tools/project-root.js';
import { eventually } from '../../tools/servers/eventually.js';
import { askRedis } from '../../tools/servers/redis/ask-redis.js';
import { startRedis } from '../../tools/servers/redis/start-redis.js';
import type { Server } from '../../tools/servers/server.js';
import type { ApiClient } from '../support/api-client.js';
import { embedded } from '../support/backends.js';
import { rejection } from '../support/rejection.js';
import { addProduct, orderOf } from '../support/shop.js';
import { startTestService } from '../support/test-service.js';

const quiet = pino({ level: 'silent' });

describe('The rights in Redis', () => {
  let redis: Server;
  before(async () => {
    redis = await startRedis({ sources: ['docker', 'binary'] });
  });
  after(() => redis.close());

  const admin = (...command: string[]) => askRedis(redis.url, command);

  const urlOf = (username: string, password: string) =>
    Object.assign(new URL(redis.url), { username, password }).href;

  const refusalAt = (url: string) => redisRefusal(readSettings({ REDIS_URL: url }), quiet);

  async function accountWith(rights: readonly string[]): Promise<string> {
    await admin('ACL', 'SETUSER', 'shop', 'reset', 'on', '>secret', ...rights);
    return urlOf('shop', 'secret');
  }

  it('are documented as the start checks them', async () => {
    expect((await documentedRights()).toSorted()).to.deep.equal(REQUIRED_RIGHTS.toSorted());
  });

  it('contain every command of the Lua scripts', async () => {
    const known = [...KEY_COMMANDS, ...CHANNEL_COMMANDS, ...OTHER_COMMANDS];
    const names = new Set(known.map((command) => command.split(' ')[0]));
    const used = await commandsOfScripts();
    expect(used.size).to.be.greaterThan(20);
    expect([...used].filter((name) => !names.has(name))).to.deep.equal([]);
  });

  it('are enough for two instances that sell, wait, cache and rank', async () => {
    const REDIS_URL = await accountWith(await documentedRights());
    await admin('ACL', 'LOG', 'RESET');
    const often = { POPULAR_REFRESH_MS: '50', OUTBOX_RELAY_MS: '50', CACHE_STALENESS_SAMPLE: '1' };
    await using one = await startTestService(embedded, { REDIS_URL, ...often });
    await using two = await startTestService(embedded, { ...one.env, ...often });
    const product = await addProduct(one.admin, { stock: 1_000, price: 1 });
    const path = `/v1/products/${product}`;
    for (const { anyone } of [one, two, one]) expect((await anyone.get(path)).status).to.equal(200);
    const etag = (await one.anyone.get(path)).headers.get('etag') ?? '';
    const changed = await two.admin.patch(path, { price: 2 }, { 'If-Match': etag });
    expect(changed.status).to.equal(200);
    const buyers = [await one.customer('ann'), await two.customer('bob')];
    for (const buyer of buyers) await buyer.post('/v1/wallets/me/charges', { amount: 10_000 });
    await Promise.all(buyers.flatMap((buyer) => Array.from({ length: 10 }, () => buy(buyer))));
    await eventually(async () => {
      const { body } = await two.anyone.get('/v1/products/popular?window=5m');
      expect(body.items[0]?.sold).to.equal(20);
    });
    const ready = await one.anyone.get('/readyz');
    expect(ready.body.status).to.equal('ready');
    expect(await admin('ACL', 'LOG')).to.deep.equal([]);

    async function buy(buyer: ApiClient): Promise<void> {
      const { body } = await buyer.post('/v1/orders', orderOf(product));
      const paid = await buyer.post(`/v1/orders/${body.id}/payments`, { method: 'points' });
      expect(paid.status).to.equal(201);
    }
  });

  for (const right of REQUIRED_RIGHTS) {
    it(`stop a start that lacks ${right}`, async () => {
      const url = await accountWith(REQUIRED_RIGHTS.filter((each) => each !== right));
      const refusal = await refusalAt(url);
      expect(refusal).to.match(/^REDIS_URL: the user lacks rights in Redis/);
      // A user that may run no script gets the refusal of Redis, which names the command.
      const isScript = right === '+eval' || right === '+evalsha';
      expect(refusal).to.contain(isScript ? right.slice(1) : `: ${right}`);
    });
  }

  it('stop a start that lacks several, with all of them in one line', async () => {
    const lost = ['+get', '+publish', '&{lockstep:*'];
    const url = await accountWith(REQUIRED_RIGHTS.filter((each) => !lost.includes(each)));
    const refusal = await rejection(startTestService(embedded, { REDIS_URL: url }));
    expect(refusal).to.be.instanceOf(SettingsError);
    expect(describeFailure(refusal)).to.equal(
      'REDIS_URL: the user lacks rights in Redis: +get +publish &{lockstep:*',
    );
  });

  it('stop a start with a wrong password or none', async () => {
    await accountWith(REQUIRED_RIGHTS);
    expect(await refusalAt(urlOf('shop', 'wrong'))).to.match(/this user and password \[WRONGPASS/);
    await admin('CONFIG', 'SET', 'requirepass', 'secret');
    const withPassword = urlOf('default', 'secret');
    try {
      expect(await refusalAt(redis.url)).to.match(/Redis requires a password \[NOAUTH/);
      expect(await refusalAt(withPassword)).to.equal(undefined);
    } finally {
      await askRedis(withPassword, ['CONFIG', 'SET', 'requirepass', '']);
    }
  });

  it('stop a start on a Redis in protected mode, from an address of another machine', async () => {
    const external = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .find(({ family, internal }) => family === 'IPv4' && !internal);
    expect(external, 'an address that is not the loopback').to.not.equal(undefined);
    // A server in Docker also refuses this test from now on, so no other test can use it.
    await using guarded = await startRedis({
      sources: ['docker', 'binary'],
      settings: { bind: '0.0.0.0' },
    });
    await askRedis(guarded.url, ['CONFIG', 'SET', 'protected-mode', 'yes']);
    const url = Object.assign(new URL(guarded.url), { hostname: external?.address });
    expect(await refusalAt(url.href)).to.match(/before it has a password \[DENIED [^.]+\]$/);
  });

  it('are not asked of a Redis that is down, and its failure is the cause of what fails', async () => {
    await using down = await startRedis({ sources: ['docker', 'binary'] });
    await down.stop();
    await using service = await startTestService(embedded, { REDIS_URL: down.url });
    const seed = service.service.container.get(SeedCatalogue).demo();
    expect(describeFailure(await rejection(seed))).to.match(
      /^redis is not available: .*ECONNREFUSED/,
    );
  });

  it('that are taken from a running service are the cause of what fails', async () => {
    const url = await accountWith(REQUIRED_RIGHTS);
    await using service = await startTestService(embedded, { REDIS_URL: url });
    await admin('ACL', 'SETUSER', 'shop', '-hset');
    const seed = service.service.container.get(SeedCatalogue).demo();
    expect(describeFailure(await rejection(seed))).to.match(
      // Redis 7.0 says the one, Valkey the other.
      /^redis is not available: .*(can't run this command|ACL failure in script)/,
    );
  });
});

async function documentedRights(): Promise<string[]> {
  const page = await readFile(`${projectRoot}/docs/operations/settings.md`, 'utf8');
  const rights = /^ACL SETUSER lockstep on >PASSWORD resetkeys resetchannels -@all (.+)$/m.exec(
    page,
  );
  return rights?.[1]?.split(' ') ?? [];
}

/** The names of all commands that the scripts of the service call. */
async function commandsOfScripts(): Promise<Set<string>> {
  const files = globSync('src/**/*.lua', { cwd: projectRoot });
  const texts = await Promise.all(files.map((file) => readFile(`${projectRoot}/${file}`, 'utf8')));
  const calls = texts.flatMap((text) => [...text.matchAll(/call(?:_own)?\('([A-Z]+)'/g)]);
  return new Set(calls.map(([, name = '']) => name));
}
