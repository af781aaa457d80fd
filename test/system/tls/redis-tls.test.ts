import { createClient } from '@redis/client';
import { expect } from 'chai';
import { redisClientOptions } from '../../../src/adapters/redis/connections/client-options.js';
import type { Service } from '../../../src/config/service.js';
import { startService } from '../../../src/config/service.js';
import { readSettings } from '../../../src/config/settings/settings.js';
import { redisTls } from '../../../src/config/settings/tls/redis-tls.js';
import { eventually } from '../../../tools/servers/eventually.js';
import { findFreePort } from '../../../tools/servers/free-port.js';
import { askRedis } from '../../../tools/servers/redis/ask-redis.js';
import { startRedis } from '../../../tools/servers/redis/start-redis.js';
import type { Server } from '../../../tools/servers/server.js';
import { ApiClient } from '../../support/api-client.js';
import { type Env, embedded, type OpenBackend } from '../../support/backends.js';
import { addProduct, orderOf } from '../../support/shop.js';
import { Authority, type Certificate } from './certificates.js';
import { expectRefusedStart } from './refused-start.js';
import { startSentinel } from './secured-sentinel.js';

/** The number of connections of a service to a server. */
interface Connections {
  readonly url: string;
  readonly all: number;
  readonly subscribers: number;
}

const UP = { status: 'up' };

describe('TLS to Redis', () => {
  let authority: Authority;
  let stranger: Authority;
  let own: Certificate;
  let trusting: Env;
  let opened: AsyncDisposableStack;

  before(async () => {
    authority = await Authority.create();
    stranger = await Authority.create();
    own = await authority.issue({ names: ['IP:127.0.0.1', 'DNS:shop.test'] });
    trusting = { REDIS_TLS_CA: authority.ca };
  });
  after(async () => {
    await authority?.[Symbol.asyncDispose]();
    await stranger?.[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    opened = new AsyncDisposableStack();
  });
  afterEach(() => opened.disposeAsync());

  /** A Redis with this certificate. It also listens in plain text until that port is closed. */
  async function secured(settings: Env = {}, { cert, key } = own) {
    const port = await findFreePort();
    const files = { 'tls-ca-cert-file': authority.ca, 'tls-cert-file': cert, 'tls-key-file': key };
    const tls = { 'tls-port': `${port}`, 'tls-auth-clients': 'no', ...files };
    const server = opened.use(
      await startRedis({ sources: ['binary'], settings: { ...tls, ...settings } }),
    );
    return { server, port, url: `rediss://127.0.0.1:${port}` };
  }

  async function closePlainPort({ url }: Server): Promise<void> {
    await askRedis(url, ['CONFIG', 'SET', 'port', '0']);
  }

  /**
   * Places an order, which needs locks, and changes a product, which needs the cache and its bus.
   */
  async function expectToWork(env: Env, connections?: Connections): Promise<void> {
    await using backend: OpenBackend = await embedded.open();
    const all = { ...backend.env, ...env };
    const service: Service = await startService(readSettings({ ...all }));
    try {
      const admin = await ApiClient.of(service.url, all, 'admin', 'admin');
      // Repeated, because a start does not wait long for Redis.
      await eventually(async () => {
        const ready = await admin.get('/readyz');
        expect(ready.body.dependencies).to.deep.include({ redis: UP });
      });
      const id = await addProduct(admin, { stock: 2 });
      expect((await admin.post('/v1/orders', orderOf(id))).status).to.equal(201);
      const seen = await admin.get(`/v1/products/${id}`);
      const tag = seen.headers.get('etag') ?? '';
      const changed = await admin.patch(`/v1/products/${id}`, { price: 7 }, { 'If-Match': tag });
      expect(changed.status, JSON.stringify(changed.body)).to.equal(200);
      const popular = await admin.get('/v1/products/popular?window=5m');
      expect(popular.status).to.equal(200);
      if (connections) await expectConnections(connections);
    } finally {
      await service.stop();
    }
  }

  it('encrypts every connection, as a user with its own database', async () => {
    const { server, port } = await secured();
    const rules = ['on', '>secret-of-shop', '~*', '&*', '+@all'];
    await askRedis(server.url, ['ACL', 'SETUSER', 'shop', ...rules]);
    await askRedis(server.url, ['ACL', 'SETUSER', 'default', 'off']);
    const REDIS_URL = `rediss://shop:secret-of-shop@127.0.0.1:${port}/3`;
    await using admin = await adminOf(REDIS_URL);
    await admin.client.configSet('port', '0');
    // Locks and cache have a subscriber each. The ranking has none.
    await expectToWork({ ...trusting, REDIS_URL }, { url: REDIS_URL, all: 5, subscribers: 2 });
    const clients = String(await admin.client.sendCommand(['INFO', 'keyspace']));
    expect(clients).to.include('db3:').and.not.include('db0:');
  });

  async function expectConnections({ url, all, subscribers }: Connections): Promise<void> {
    await using admin = await adminOf(url);
    const count = async (...type: string[]) => {
      const list = String(await admin.client.sendCommand(['CLIENT', 'LIST', ...type]));
      // Connections of the test and of a sentinel have names, so they do not count.
      return list.split('\n').filter((line) => line.includes(' name= ')).length;
    };
    await eventually(async () => {
      // There are more when a first try was too late, as on a busy machine: node-redis leaves that
      // connection open.
      expect(await count()).to.be.at.least(all);
      expect(await count('TYPE', 'pubsub')).to.be.at.least(subscribers);
    });
  }

  async function adminOf(url: string) {
    const client = createClient({
      url,
      name: 'test',
      socket: { tls: true, rejectUnauthorized: false },
    });
    await client.connect();
    return { client, [Symbol.asyncDispose]: async () => client.destroy() };
  }

  it('encrypts without verification, or without the host name, when the settings say so', async () => {
    const { url } = await secured();
    await expectAnswer({ REDIS_URL: url, REDIS_TLS: 'unverified' });
    const REDIS_URL = url.replace('127.0.0.1', 'localhost');
    await expectAnswer({ ...trusting, REDIS_URL, REDIS_TLS: 'verify-ca' });
    await expectAnswer({ ...trusting, REDIS_URL, REDIS_TLS_SERVER_NAME: 'shop.test' });
  });

  /** Expects an answer on a connection with the service's own options. */
  async function expectAnswer(env: Env): Promise<void> {
    const settings = readSettings({ ...env });
    const client = createClient(redisClientOptions(env['REDIS_URL'] ?? '', redisTls(settings)));
    // On a busy machine the first try may be too late.
    client.on('error', () => undefined);
    opened.defer(() => client.destroy());
    await client.connect();
    expect(await client.ping()).to.equal('PONG');
  }

  it('does not start with a certificate of another CA, or for another host', async () => {
    const { url: REDIS_URL } = await secured();
    const unknown = /^REDIS_TLS: .*trusted CA.*REDIS_TLS_CA/;
    await expectRefusedStart({ REDIS_URL, REDIS_TLS_CA: stranger.ca }, unknown);
    await expectRefusedStart({ REDIS_URL }, unknown);
    const elsewhere = { ...trusting, REDIS_URL: REDIS_URL.replace('127.0.0.1', 'localhost') };
    await expectRefusedStart(elsewhere, /^REDIS_TLS: .*another host.*REDIS_TLS_SERVER_NAME/);
  });

  it('does not start with a certificate that names no host, or that has expired', async () => {
    const nameless = await authority.issue({ of: '127.0.0.1' });
    const { url } = await secured({}, nameless);
    await expectRefusedStart({ ...trusting, REDIS_URL: url }, /^REDIS_TLS: .*another host/);
    const old = await authority.issue({ names: ['IP:127.0.0.1'], hasExpired: true });
    const { url: expired } = await secured({}, old);
    await expectRefusedStart({ ...trusting, REDIS_URL: expired }, /^REDIS_TLS: .*has expired/);
  });

  it('presents a certificate to a server that demands one', async () => {
    const { server, url } = await secured({ 'tls-auth-clients': 'yes' });
    await closePlainPort(server);
    const env = { ...trusting, REDIS_URL: url };
    await expectRefusedStart(env, /^REDIS_TLS: .*REDIS_TLS_CERT, REDIS_TLS_KEY/);
    const client = await authority.issue({ of: 'shop' });
    await expectToWork({ ...env, REDIS_TLS_CERT: client.cert, REDIS_TLS_KEY: client.key });
  });

  it('does not fall back to plain text when the server has no TLS', async () => {
    const plain = opened.use(await startRedis({ sources: ['binary'] }));
    const REDIS_URL = plain.url.replace('redis:', 'rediss:');
    const env = { ...trusting, REDIS_URL };
    await expectRefusedStart(env, /^REDIS_TLS: the server does not speak TLS/);
  });

  it('encrypts the connections to sentinels and to the master they name', async () => {
    const { server, port } = await secured();
    const sentinel = await startSentinel(authority, own, port);
    opened.use(sentinel);
    await closePlainPort(server);
    const env = { REDIS_SENTINELS: sentinel.address, REDIS_SENTINEL_MASTER: sentinel.masterName };
    const url = `rediss://127.0.0.1:${port}`;
    await expectToWork({ ...trusting, ...env, REDIS_TLS: 'on' }, { url, all: 5, subscribers: 2 });
    await expectRefusedStart(
      { ...env, REDIS_TLS: 'on', REDIS_TLS_CA: stranger.ca },
      /^REDIS_TLS: .*trusted CA/,
    );
  });

  it('encrypts the connections to each server of a cluster', async () => {
    const { server, port } = await secured({
      'cluster-enabled': 'yes',
      'cluster-port': `${await findFreePort()}`,
      'cluster-announce-ip': '127.0.0.1',
      'tls-cluster': 'yes',
    });
    await askRedis(server.url, ['CLUSTER', 'ADDSLOTSRANGE', '0', '16383']);
    await eventually(async () => {
      const info = String(await askRedis(server.url, ['CLUSTER', 'INFO']));
      expect(info).to.include('cluster_state:ok');
    });
    await closePlainPort(server);
    const env = { REDIS_CLUSTER: `127.0.0.1:${port}`, REDIS_TLS: 'on' };
    const url = `rediss://127.0.0.1:${port}`;
    await expectToWork({ ...trusting, ...env }, { url, all: 3, subscribers: 1 });
    await expectRefusedStart({ ...env, REDIS_TLS_CA: stranger.ca }, /^REDIS_TLS: .*trusted CA/);
  });
});
