import { expect } from 'chai';
import express from 'express';
import { readSettings, SettingsError } from '../../src/config/settings/settings.js';

describe('Settings', () => {
  it('need no server and listen on loopback when nothing is set', () => {
    const settings = readSettings({});
    expect(settings).to.include({ HOST: '127.0.0.1', PORT: 3000, DATA_DIR: 'data' });
    expect(settings.DATABASE_URL).to.equal(undefined);
    expect(settings.REDIS_URL).to.equal(undefined);
  });

  it('treat an empty variable as absent', () => {
    expect(readSettings({ PORT: '', DATABASE_URL: '' })).to.include({ PORT: 3000 });
  });

  for (const [old, now] of [
    ['PAYMENT_PATIENCE_MS', 'PAYMENT_ABANDON_AFTER_MS'],
    ['EXPIRY_TERM_MS', 'SWEEPER_LEASE_MS'],
  ] as const) {
    it(`refuse ${old}, and name ${now} in one line`, () => {
      const read = () => readSettings({ [old]: '1000', [now]: '2000' });
      expect(read).to.throw(SettingsError, `${old}: is now called ${now}; set that instead`);
      expect(read).to.throw(/^[^\n]+$/);
    });
  }

  it('treat an empty variable with an old name as absent', () => {
    expect(readSettings({ EXPIRY_TERM_MS: '' }).SWEEPER_LEASE_MS).to.equal(3_000);
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
    ['LAB_INSTANCES', { LAB_INSTANCES: 'http://one:3001,ftp://two' }],
    ['LAB_INSTANCES', { LAB_INSTANCES: 'http://user:secret@one:3001' }],
    ['CACHE_MODE', { CACHE_MODE: 'sometimes' }],
    ['POPULAR_DAILY_CRON', { POPULAR_DAILY_CRON: 'at noon' }],
    ['POPULAR_DAILY_CRON', { POPULAR_DAILY_CRON: '0 0 30 2 *' }],
    ['POPULAR_TIME_ZONE', { POPULAR_TIME_ZONE: 'Seoul' }],
    ['PAYMENT_GATEWAY_KEY', { PAYMENT_GATEWAY_URL: 'http://127.0.0.1:4000' }],
    ['PAYMENT_GATEWAY_URL', { PAYMENT_GATEWAY_URL: 'ftp://bank', PAYMENT_GATEWAY_KEY: 'k' }],
    ['PAYMENT_CLAIM_MS', { PAYMENT_CLAIM_MS: '4000', PAYMENT_TIMEOUT_MS: '1000' }],
    ['DB_POOL_MAX', { DB_POOL_MAX: '0' }],
    ['PORT', { PORT: ' ' }],
    ['PORT', { PORT: '0x10' }],
    ['PORT', { PORT: '80.0' }],
    ['LOCK_WAIT_MS', { LOCK_WAIT_MS: '10s' }],
    ['LOCK_WAIT_MS', { LOCK_WAIT_MS: '1e3' }],
    ['SHUTDOWN_DRAIN_MS', { SHUTDOWN_DRAIN_MS: ' ' }],
    ['CACHE_STALENESS_SAMPLE', { CACHE_STALENESS_SAMPLE: ' ' }],
    ['CACHE_STALENESS_SAMPLE', { CACHE_STALENESS_SAMPLE: '1.5' }],
    ['SEED_DEMO', { SEED_DEMO: 'perhaps' }],
    ['REDIS_URL', { REDIS_URL: 'redis://' }],
    ['REDIS_URL', { REDIS_URL: 'redis://one:6379/cache' }],
    ['REDIS_URL', { REDIS_URL: 'redis://:50%@one:6379' }],
    ['REDIS_CLUSTER', { REDIS_CLUSTER: 'one:0' }],
    ['KAFKA_BROKERS', { KAFKA_BROKERS: 'one:99999' }],
    ['KAFKA_TOPIC', { KAFKA_TOPIC: 'order requests' }],
    ['KAFKA_TOPIC', { KAFKA_TOPIC: '..' }],
    ['TRUSTED_PROXIES', { TRUSTED_PROXIES: 'foo' }],
    ['TRUSTED_PROXIES', { TRUSTED_PROXIES: '127.0.0.1,' }],
    ['TRUSTED_PROXIES', { TRUSTED_PROXIES: '10.0.0.0/33' }],
    ['TRUSTED_PROXIES', { TRUSTED_PROXIES: '::1/255.0.0.0' }],
    ['RATE_LIMIT_WINDOW_MS', { RATE_LIMIT_WINDOW_MS: '1500' }],
    ['RATE_LIMIT_EXEMPT', { RATE_LIMIT_EXEMPT: 'foo' }],
    ['RATE_LIMIT_EXEMPT', { RATE_LIMIT_EXEMPT: '10.0.0.0/33' }],
    ['RATE_LIMIT_EXEMPT', { RATE_LIMIT_EXEMPT: '10.0.0.0/255.0.0.0' }],
    ['RATE_LIMIT_USER_WRITES', { RATE_LIMIT_USER_WRITES: '-1' }],
    ['JWT_ISSUER, JWT_AUDIENCE: ', { JWT_JWKS_URL: 'https://idp.example/keys' }],
    ['JWT_AUDIENCE: ', { JWT_JWKS_URL: 'https://idp.example/keys', JWT_ISSUER: 'idp' }],
    ['JWT_ISSUER: ', { JWT_JWKS_URL: 'https://idp.example/keys', JWT_AUDIENCE: 'shop' }],
    ['JWT_CLOCK_TOLERANCE_MS', { JWT_CLOCK_TOLERANCE_MS: '3600000' }],
    ['JWT_JWKS_URL', { JWT_SECRET: 'x'.repeat(32), JWT_JWKS_URL: 'https://idp.example/keys' }],
  ];
  for (const [name, env] of wrong) {
    it(`refuse ${JSON.stringify(env)} and name ${name}`, () => {
      expect(() => readSettings(env)).to.throw(SettingsError, name);
    });
  }

  it('accept the names of time zones', () => {
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

  it('accept proxies by address, range and name', () => {
    const list = '127.0.0.1, 10.0.0.0/8,10.0.0.0/255.0.0.0,::1,fc00::/7,loopback,uniquelocal';
    const { TRUSTED_PROXIES } = readSettings({ TRUSTED_PROXIES: list });
    expect(TRUSTED_PROXIES).to.deep.equal(list.split(',').map((each) => each.trim()));
    // Express would end the start with an error for any other value.
    expect(() => express().set('trust proxy', TRUSTED_PROXIES)).to.not.throw();
  });

  it('name all wrong variables at once', () => {
    expect(() => readSettings({ PORT: 'x', DB_POOL_MAX: 'y' })).to.throw(/PORT.*\n.*DB_POOL_MAX/);
  });
});
