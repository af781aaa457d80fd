import { expect } from 'chai';
import { readSettings, SettingsError } from '../../src/config/settings.js';

describe('Settings', () => {
  it('run embedded on loopback when nothing is set', () => {
    const settings = readSettings({});
    expect(settings).to.include({ HOST: '127.0.0.1', PORT: 3000, DATA_DIR: 'data' });
    expect(settings.DATABASE_URL).to.equal(undefined);
    expect(settings.REDIS_URL).to.equal(undefined);
  });

  it('count an empty variable as absent', () => {
    expect(readSettings({ PORT: '', DATABASE_URL: '' })).to.include({ PORT: 3000 });
  });

  const wrong: readonly [string, Record<string, string>][] = [
    ['PORT', { PORT: '70000' }],
    ['PORT', { PORT: 'http' }],
    ...['0x10', '1e3', ' 5', '5 ', '+5', '-5', '5.0', '٥', 'Infinity', '9'.repeat(20)].flatMap(
      (number): [string, Record<string, string>][] => [
        ['PORT', { PORT: number }],
        ['LOCK_WAIT_MS', { LOCK_WAIT_MS: number }],
        ['CACHE_L1_MAX_BYTES', { CACHE_L1_MAX_BYTES: number }],
      ],
    ),
    ...['1e-1', '.5', '+0.5', '1.1', ' 0.5'].map((share): [string, Record<string, string>] => [
      'CACHE_STALENESS_SAMPLE',
      { CACHE_STALENESS_SAMPLE: share },
    ]),
    ['HTTP_HEADERS_MS', { HTTP_HEADERS_MS: '2000', HTTP_REQUEST_MS: '1000' }],
    ['DATABASE_URL', { DATABASE_URL: 'postgres://localhost/shop' }],
    ['REDIS_URL', { REDIS_URL: 'localhost:6379' }],
    ['REDIS_SENTINELS', { REDIS_SENTINELS: 'one', REDIS_SENTINEL_MASTER: 'main' }],
    ['REDIS_SENTINEL_MASTER', { REDIS_SENTINELS: 'one:26379' }],
    ['REDIS_SENTINELS', { REDIS_SENTINEL_MASTER: 'main' }],
    ['REDIS_CLUSTER', { REDIS_CLUSTER: 'redis://one:6379' }],
    ['REDIS_URL, REDIS_CLUSTER', { REDIS_URL: 'redis://one:6379', REDIS_CLUSTER: 'one:6379' }],
    ['JWT_SECRET', { JWT_SECRET: 'short' }],
    ['LOCK_STRATEGY', { LOCK_STRATEGY: 'hope' }],
    ['CACHE_MODE', { CACHE_MODE: 'sometimes' }],
    ['POPULAR_DAILY_CRON', { POPULAR_DAILY_CRON: 'at noon' }],
    ['POPULAR_DAILY_CRON', { POPULAR_DAILY_CRON: '0 0 30 2 *' }],
    ['POPULAR_TIME_ZONE', { POPULAR_TIME_ZONE: 'Seoul' }],
    ['PAYMENT_GATEWAY_KEY', { PAYMENT_GATEWAY_URL: 'http://127.0.0.1:4000' }],
    ['PAYMENT_GATEWAY_URL', { PAYMENT_GATEWAY_URL: 'ftp://bank', PAYMENT_GATEWAY_KEY: 'k' }],
    ['PAYMENT_CLAIM_MS', { PAYMENT_CLAIM_MS: '4000', PAYMENT_TIMEOUT_MS: '1000' }],
    ['DB_POOL_MAX', { DB_POOL_MAX: '0' }],
    ['JWT_JWKS_URL', { JWT_SECRET: 'x'.repeat(32), JWT_JWKS_URL: 'https://idp.example/keys' }],
  ];
  for (const [name, env] of wrong) {
    it(`refuse ${JSON.stringify(env)} and name ${name}`, () => {
      expect(() => readSettings(env)).to.throw(SettingsError, name);
    });
  }

  it('take the names of time zones', () => {
    expect(readSettings({}).POPULAR_TIME_ZONE).to.equal('UTC');
    const zone = { POPULAR_TIME_ZONE: 'America/New_York' };
    expect(readSettings(zone)).to.include(zone);
  });

  it('read servers as a list of hosts and ports', () => {
    const { REDIS_CLUSTER } = readSettings({ REDIS_CLUSTER: 'one:6379, 10.0.0.2:6380,[::1]:6381' });
    expect(REDIS_CLUSTER).to.deep.equal([
      { host: 'one', port: 6379 },
      { host: '10.0.0.2', port: 6380 },
      { host: '::1', port: 6381 },
    ]);
  });

  it('name every wrong variable at once', () => {
    expect(() => readSettings({ PORT: 'x', DB_POOL_MAX: 'y' })).to.throw(/PORT.*\n.*DB_POOL_MAX/);
  });
});
