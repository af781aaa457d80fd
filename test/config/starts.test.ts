import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { describeFailure } from '../../src/commands/describe-failure.js';
import { SettingsError } from '../../src/config/settings/settings.js';
import { eventually } from '../../tools/servers/eventually.js';
import { startMysql } from '../../tools/servers/mysql/start-mysql.js';
import { startRedis } from '../../tools/servers/redis/start-redis.js';
import { ApiClient } from '../support/api-client.js';
import { type Env, embedded, serversWithKafka } from '../support/backends.js';
import { InstanceProcess } from '../support/instance-process.js';
import { rejection } from '../support/rejection.js';
import { startTestService } from '../support/test-service.js';

describe('A start with unusable settings', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'starts-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Expects the start to end with a line that names the variable. */
  async function expectRefusal(name: string, env: Env): Promise<void> {
    const refusal = await rejection(startTestService(embedded, { DATA_DIR: folder, ...env }));
    expect(refusal).to.be.instanceOf(SettingsError);
    expect(describeFailure(refusal)).to.match(new RegExp(`^${name}: [^\n]+$`));
  }

  it('names HOST when it cannot be resolved or belongs to another machine', async () => {
    await expectRefusal('HOST', { HOST: 'nowhere.invalid' });
    await expectRefusal('HOST', { HOST: '192.0.2.1' });
  });

  it('names PORT when it is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expectRefusal('PORT', { PORT: String(port) });
    other.close();
  });

  it('names TRUSTED_PROXIES when it is not an address', async () => {
    await expectRefusal('TRUSTED_PROXIES', { TRUSTED_PROXIES: 'foo' });
  });

  it('names DATA_DIR when it is a file, is inside a file, or cannot be created', async () => {
    const file = path.join(folder, 'file');
    await writeFile(file, '');
    await expectRefusal('DATA_DIR', { DATA_DIR: file });
    await expectRefusal('DATA_DIR', { DATA_DIR: path.join(file, 'folder') });
    await expectRefusal('DATA_DIR', { DATA_DIR: '/sys/lockstep' });
  });

  it('names DATA_DIR when its files are not those of the service', async () => {
    const database = path.join(folder, 'lockstep.sqlite');
    await writeFile(database, 'Dear diary, '.repeat(1_000));
    await expectRefusal('DATA_DIR', {});
    await rm(database);
    await mkdir(database);
    await expectRefusal('DATA_DIR', {});
    await rm(database, { recursive: true });
    await mkdir(path.join(folder, 'jwt-secret'));
    await expectRefusal('DATA_DIR', {});
  });

  it('names DATABASE_URL when the password or the database is wrong, and does not wait', async () => {
    await using server = await startMysql();
    const url = new URL(server.url);
    url.pathname = '/nothing';
    await expectRefusal('DATABASE_URL', { DATABASE_URL: url.href, STARTUP_WAIT_MS: '600000' });
    url.password = 'wrong';
    await expectRefusal('DATABASE_URL', { DATABASE_URL: url.href, STARTUP_WAIT_MS: '600000' });
  });
});

describe('A first start while Redis is down', () => {
  it('serves requests, and adds the demo catalogue when Redis is up', async () => {
    await using open = await embedded.open();
    await using redis = await startRedis({ sources: ['docker', 'binary'] });
    await redis.stop();
    const env = { ...open.env, SEED_DEMO: 'true', REDIS_URL: redis.url };
    await using instance = await InstanceProcess.start(env);
    const anyone = new ApiClient(instance.url);
    expect((await anyone.get('/readyz')).body.status).to.equal('degraded');
    expect((await anyone.get('/v1/products')).body.items).to.deep.equal([]);
    await redis.start();
    await eventually(async () => {
      expect(instance.hasEnded, 'the instance goes on').to.equal(false);
      expect((await anyone.get('/v1/products')).body.items).to.not.deep.equal([]);
      // Each connection returns by itself, so the one of the lock may be later than that of the cache.
      expect((await anyone.get('/readyz')).body.status).to.equal('ready');
    });
  });
});

describe('A start on servers at IPv6 addresses', () => {
  it('reaches the database, Redis and Kafka', async () => {
    await using service = await startTestService({
      name: 'IPv6',
      open: async () => {
        const open = await serversWithKafka.open();
        // The same addresses as IPv6, in a notation that every machine understands.
        const env = Object.entries(open.env).map(([name, value]) => {
          const isAddress = /^(DATABASE_URL|REDIS_URL|KAFKA_BROKERS)$/.test(name);
          return [name, isAddress ? value.replaceAll('127.0.0.1', '[::ffff:7f00:1]') : value];
        });
        return { ...open, env: Object.fromEntries(env) };
      },
    });
    await eventually(async () => {
      const { body } = await service.anyone.get('/readyz');
      expect(body).to.deep.equal({
        status: 'ready',
        dependencies: {
          database: { status: 'up' },
          redis: { status: 'up' },
          kafka: { status: 'up' },
        },
      });
    });
  });
});
