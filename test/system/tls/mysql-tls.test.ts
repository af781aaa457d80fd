import { execFile } from 'node:child_process';
import { copyFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { createConnection } from 'mysql2/promise';
import { openMysql } from '../../../src/adapters/persistence/sql/connections/mysql-database.js';
import { readSettings } from '../../../src/config/settings/settings.js';
import { tlsOptions } from '../../../src/config/settings/tls/tls-options.js';
import { DependencyUnavailableError } from '../../../src/domain/ports/failures.js';
import type { DatabaseServer } from '../../../tools/servers/mysql/database-server.js';
import { withConnection } from '../../../tools/servers/mysql/mysql-connection.js';
import { startMysql } from '../../../tools/servers/mysql/start-mysql.js';
import { startRedis } from '../../../tools/servers/redis/start-redis.js';
import { type Env, embedded } from '../../support/backends.js';
import { rejection } from '../../support/rejection.js';
import { addProduct, orderOf } from '../../support/shop.js';
import { startTestService } from '../../support/test-service.js';
import { Authority, type Certificate } from './certificates.js';
import { expectRefusedStart } from './refused-start.js';

const execute = promisify(execFile);

describe('TLS to the database', () => {
  let authority: Authority;
  let stranger: Authority;
  let client: Certificate;
  /** A certificate for 127.0.0.1 and a name. */
  let usual: Certificate;
  /** The files that the server reads. */
  let served: Certificate;
  let server: DatabaseServer;
  let url: string;
  let trusting: Env;

  before(async () => {
    authority = await Authority.create();
    stranger = await Authority.create();
    client = await authority.issue({ of: 'shop' });
    usual = await authority.issue({ names: ['IP:127.0.0.1', 'DNS:shop.test'] });
    const { cert, key } = await authority.copyOf(usual);
    served = { cert, key };
    const settings = { 'ssl-ca': authority.ca, 'ssl-cert': cert, 'ssl-key': key };
    server = await startMysql({ ways: ['binary'], settings });
    url = await server.createDatabase();
    trusting = { DATABASE_URL: url, DATABASE_TLS: 'on', DATABASE_TLS_CA: authority.ca };
  });
  after(async () => {
    await server?.close();
    await authority?.[Symbol.asyncDispose]();
    await stranger?.[Symbol.asyncDispose]();
  });

  /** Makes the server show another certificate until the end of the test. */
  async function show({ cert, key }: Certificate): Promise<void> {
    await Promise.all([copyFile(cert, served.cert), copyFile(key, served.key)]);
    await withConnection(url, (admin) => admin.query('FLUSH SSL'));
  }

  afterEach(() => show(usual));

  async function cipher(env: Env): Promise<string> {
    const settings = readSettings({ ...env });
    const database = openMysql({
      url: env['DATABASE_URL'] ?? '',
      tls: tlsOptions('DATABASE', settings),
      ...{ poolMax: 1, acquireMs: 5_000, connectMs: 2_000, queryMs: 500 },
    });
    try {
      const [rows] = await database.sequelize.query("SHOW STATUS LIKE 'Ssl_cipher'");
      return (rows as { Value: string }[])[0]?.Value ?? '';
    } finally {
      await database.close();
    }
  }

  function on(address: string, change: (url: URL) => void): Env {
    const changed = new URL(address);
    change(changed);
    return { ...trusting, DATABASE_URL: changed.href };
  }

  const named = () => on(url, (each) => Object.assign(each, { hostname: 'localhost' }));

  it('encrypts every connection to a server that accepts no others', async () => {
    await setSecureTransport('ON');
    try {
      await using opened = new AsyncDisposableStack();
      const shop = opened.use(await startTestService(embedded, trusting));
      const productId = await addProduct(shop.admin, { stock: 2 });
      const order = await shop.admin.post('/v1/orders', orderOf(productId));
      expect(order.status).to.equal(201);
      await run('src/commands/seed', trusting, '--products', '3');
      const redis = opened.use(await startRedis());
      const env = { ...trusting, REDIS_URL: redis.url };
      await run('tools/playground/experiment/main', env, 'right-order');
      const { password } = new URL(url);
      await expectRefusedStart({ DATABASE_URL: url }, /^DATABASE_URL: .*DATABASE_TLS/, [password]);
    } finally {
      await setSecureTransport('OFF');
    }
  });

  /** Fails when the program does. */
  async function run(program: string, env: Env, ...args: string[]): Promise<void> {
    const file = fileURLToPath(new URL(`../../../${program}.js`, import.meta.url));
    await execute(process.execPath, [file, ...args], {
      env: { PATH: process.env['PATH'], ...env },
    });
  }

  async function setSecureTransport(state: 'ON' | 'OFF'): Promise<void> {
    const admin = await createConnection({ uri: url, ssl: { rejectUnauthorized: false } });
    await admin.query(`SET GLOBAL require_secure_transport = ${state}`);
    await admin.end();
  }

  for (const parameter of ['ssl-mode=REQUIRED', 'sslmode=require', 'useSSL=true', 'tls=true']) {
    it(`encrypts for ?${parameter}, and verifies`, async () => {
      const env = { DATABASE_URL: `${url}?${parameter}` };
      expect(await cipher({ ...env, DATABASE_TLS_CA: authority.ca })).to.match(/TLS/);
      await expectRefusedStart(env, /^DATABASE_TLS: .*DATABASE_TLS_CA/);
    });
  }

  it('encrypts without verification, or without the host name, when the settings say so', async () => {
    const unverified = { DATABASE_URL: url, DATABASE_TLS: 'unverified' };
    expect(await cipher(unverified)).to.match(/TLS/);
    expect(await cipher({ ...named(), DATABASE_TLS: 'verify-ca' })).to.match(/TLS/);
    expect(await cipher({ ...named(), DATABASE_TLS_SERVER_NAME: 'shop.test' })).to.match(/TLS/);
  });

  it('does not start with a certificate of another CA, or of an unknown one', async () => {
    const other = { ...trusting, DATABASE_TLS_CA: stranger.ca };
    await expectRefusedStart(other, /^DATABASE_TLS: .*trusted CA.*DATABASE_TLS_CA/);
    const none = { DATABASE_URL: url, DATABASE_TLS: 'verify-ca' };
    await expectRefusedStart(none, /^DATABASE_TLS: .*trusted CA.*DATABASE_TLS_CA/);
  });

  it('does not start with a certificate for another host', async () => {
    await expectRefusedStart(named(), /^DATABASE_TLS: .*another host.*DATABASE_TLS_SERVER_NAME/);
  });

  it('does not accept the certificate of localhost for an address', async () => {
    await show(await authority.issue({ names: ['DNS:localhost'] }));
    await expectRefusedStart(trusting, /^DATABASE_TLS: .*another host/);
    expect(await cipher(named())).to.match(/TLS/);
    expect(await cipher({ ...trusting, DATABASE_TLS_SERVER_NAME: 'localhost' })).to.match(/TLS/);
  });

  it('does not start with a certificate that has expired', async () => {
    await show(await authority.issue({ names: ['IP:127.0.0.1'], hasExpired: true }));
    await expectRefusedStart(trusting, /^DATABASE_TLS: .*has expired/);
  });

  it('does not fall back to plain text when the server has no TLS', async () => {
    await using plain = await startMysql({ ways: ['binary'], settings: { ssl: '0' } });
    for (const DATABASE_TLS of ['on', 'unverified']) {
      const env = { DATABASE_URL: plain.url, DATABASE_TLS };
      await expectRefusedStart(env, /^DATABASE_TLS: the server does not speak TLS/);
    }
  });

  it('presents a certificate when the account demands one', async () => {
    await withConnection(url, async (admin) => {
      await admin.query("CREATE USER shop@127.0.0.1 IDENTIFIED BY 'secret-of-shop' REQUIRE X509");
      await admin.query('GRANT ALL ON *.* TO shop@127.0.0.1');
    });
    const env = on(url, (each) =>
      Object.assign(each, { username: 'shop', password: 'secret-of-shop' }),
    );
    const demanded = /^DATABASE_URL: .*DATABASE_TLS_CERT and DATABASE_TLS_KEY/;
    await expectRefusedStart(env, demanded, ['secret-of-shop']);
    const { cert: DATABASE_TLS_CERT, key: DATABASE_TLS_KEY } = client;
    expect(await cipher({ ...env, DATABASE_TLS_CERT, DATABASE_TLS_KEY })).to.match(/TLS/);
    const other = await stranger.issue({ of: 'shop' });
    const files = { DATABASE_TLS_CERT: other.cert, DATABASE_TLS_KEY: other.key };
    await expectRefusedStart({ ...env, ...files }, /^DATABASE_TLS: .*DATABASE_TLS_CERT/);
  });

  it('abandons a statement that has no answer in time', async () => {
    const tls = tlsOptions('DATABASE', readSettings({ ...trusting }));
    const limits = { poolMax: 1, acquireMs: 5_000, connectMs: 2_000, queryMs: 300 };
    const database = openMysql({ url, tls, ...limits });
    try {
      const failure = await rejection(database.sequelize.query('SELECT SLEEP(20)'));
      expect(failure).to.be.instanceOf(DependencyUnavailableError);
    } finally {
      await database.close();
    }
  });
});
