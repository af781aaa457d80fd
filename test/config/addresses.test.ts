import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { readSettings, SettingsError } from '../../src/config/settings/settings.js';
import { tlsOptions } from '../../src/config/settings/tls/tls-options.js';
import type { Env } from '../support/backends.js';
import { Authority } from '../system/tls/certificates.js';

const DATABASE = 'mysql://shop:secret@db.example/shop';
const JWT = { JWT_ISSUER: 'https://idp.example', JWT_AUDIENCE: 'shop' };

function refusal(env: Env): string {
  try {
    readSettings({ ...env });
  } catch (error) {
    expect(error).to.be.instanceOf(SettingsError);
    return (error as Error).message;
  }
  return '';
}

describe('An address that is not understood stops the start', () => {
  const wrong: readonly [variable: string, named: string, env: Env][] = [
    ...[
      ['sslCipher', 'sslCipher=secret'],
      ['verifyServerCertificate', 'useSSL=true&verifyServerCertificate=secret'],
      ['multipleStatements', 'multipleStatements=true'],
      ['charset', 'charset=latin1'],
      ['socketPath', 'socketPath=/secret'],
      ['ssl must be one of', 'ssl={"ca":"secret"}'],
      ['ssl must be one of', 'ssl=Amazon%20RDS'],
      ['ssl-mode must be one of', 'ssl-mode=secret'],
      ['ssl-mode must be one of', 'ssl-mode='],
      ['ssl-mode must be one of', 'ssl-mode=constructor'],
      ['constructor', 'constructor=secret'],
      ['ssl-mode=preferred', 'ssl-mode=PREFERRED'],
      ['sslmode=prefer', 'sslmode=prefer'],
      ['sslmode=allow', 'sslmode=allow'],
      ['different TLS', 'ssl-mode=DISABLED&useSSL=true'],
      ['a%0Ab', 'a%0Ab=1'],
    ].map(([named = '', query]): [string, string, Env] => [
      'DATABASE_URL',
      named,
      { DATABASE_URL: `${DATABASE}?${query}` },
    ]),
    ['DATABASE_URL', '%23', { DATABASE_URL: `${DATABASE}#secret` }],
    ['DATABASE_URL', '%23', { DATABASE_URL: 'mysql://shop:secret#1@db.example/shop' }],
    ['DATABASE_URL', 'host', { DATABASE_URL: 'mysql:///secret' }],
    ['DATABASE_URL', 'database name', { DATABASE_URL: 'mysql://shop:secret@db.example' }],
    ['DATABASE_URL', '%25', { DATABASE_URL: 'mysql://shop:sec%ret@db.example/shop' }],
    ['DATABASE_URL', 'mysql://…', { DATABASE_URL: 'secret' }],
    ['REDIS_URL', 'tls', { REDIS_URL: 'redis://:secret@redis.example?tls=true' }],
    ['REDIS_URL', 'db', { REDIS_URL: 'rediss://:secret@redis.example?db=2' }],
    ['REDIS_URL', '%23', { REDIS_URL: 'redis://:secret@redis.example/1#secret' }],
    ['REDIS_URL', 'number', { REDIS_URL: 'redis://:secret@redis.example/secret' }],
    ['REDIS_URL', 'number', { REDIS_URL: 'redis://:secret@redis.example/0x1' }],
    ['REDIS_URL', 'host', { REDIS_URL: 'redis:///1' }],
    ['REDIS_URL', '%25', { REDIS_URL: 'redis://:sec%ret@redis.example' }],
    ['KAFKA_BROKERS', 'host:port', { KAFKA_BROKERS: 'one:9092?ssl=secret' }],
    ['JWT_JWKS_URL', 'fragment', { ...JWT, JWT_JWKS_URL: 'https://idp.example/keys#secret' }],
    ['JWT_JWKS_URL', 'user', { ...JWT, JWT_JWKS_URL: 'https://a:secret@idp.example/keys' }],
    [
      'PAYMENT_GATEWAY_URL',
      'mode',
      { PAYMENT_GATEWAY_KEY: 'k', PAYMENT_GATEWAY_URL: 'https://bank.example?mode=secret' },
    ],
  ];
  for (const [variable, named, env] of wrong) {
    it(`${JSON.stringify(env)} names ${variable}`, () => {
      const message = refusal(env);
      expect(message)
        .to.match(new RegExp(`^${variable}\\b`))
        .and.include(named);
      expect(message).not.to.include('secret');
      expect(message.split('\n')).to.have.length(1);
    });
  }

  for (const env of [
    { DATABASE_URL: `${DATABASE}?charset=utf8mb4` },
    { DATABASE_URL: `${DATABASE}?ssl-mode=VERIFY_IDENTITY` },
    { DATABASE_URL: `${DATABASE}?ssl-mode=REQUIRED&useSSL=true` },
    { DATABASE_URL: `${DATABASE}?sslMode=disabled`, DATABASE_TLS: 'off' },
    { REDIS_URL: 'rediss://user:secret@redis.example:6380/15' },
    { ...JWT, JWT_JWKS_URL: 'https://idp.example/keys?tenant=shop' },
  ] as readonly Env[]) {
    it(`${JSON.stringify(env)} is understood`, () => expect(refusal(env)).to.equal(''));
  }
});

describe('Settings of TLS and SASL', () => {
  const brokers = { KAFKA_BROKERS: 'one:9092' };
  const user = { KAFKA_SASL_USERNAME: 'shop', KAFKA_SASL_PASSWORD: 'secret' };
  const wrong: readonly [named: string, env: Env][] = [
    ['DATABASE_TLS', { DATABASE_URL: DATABASE, DATABASE_TLS: 'yes' }],
    [
      'DATABASE_TLS, DATABASE_URL',
      { DATABASE_URL: `${DATABASE}?useSSL=true`, DATABASE_TLS: 'off' },
    ],
    ['DATABASE_TLS, DATABASE_URL', { DATABASE_URL: `${DATABASE}?ssl=false`, DATABASE_TLS: 'on' }],
    ['REDIS_TLS, REDIS_URL', { REDIS_URL: 'redis://redis.example', REDIS_TLS: 'on' }],
    ['REDIS_TLS, REDIS_URL', { REDIS_URL: 'rediss://redis.example', REDIS_TLS: 'off' }],
    ['DATABASE_TLS_CA', { DATABASE_URL: DATABASE, DATABASE_TLS_CA: 'ca.pem' }],
    [
      'DATABASE_TLS_CA',
      { DATABASE_URL: DATABASE, DATABASE_TLS: 'unverified', DATABASE_TLS_CA: 'c' },
    ],
    ['REDIS_TLS_CERT, REDIS_TLS_KEY', { REDIS_URL: 'rediss://r', REDIS_TLS_CERT: 'cert.pem' }],
    ['REDIS_TLS_SERVER_NAME', { REDIS_URL: 'rediss://r', REDIS_TLS_SERVER_NAME: '10.0.0.1' }],
    ['KAFKA_TLS_KEY', { ...brokers, KAFKA_TLS_KEY: 'key.pem' }],
    ['KAFKA_SASL_MECHANISM', { ...brokers, ...user, KAFKA_SASL_MECHANISM: 'GSSAPI' }],
    ['KAFKA_SASL_MECHANISM', { ...brokers, ...user }],
    ['KAFKA_TLS', { ...brokers, ...user, KAFKA_SASL_MECHANISM: 'PLAIN' }],
  ];
  for (const [named, env] of wrong) {
    it(`refuse ${JSON.stringify(env)} and name ${named}`, () => {
      const message = refusal(env);
      expect(
        message.startsWith(`${named}: `) || message.startsWith(`${named}, `),
        message,
      ).to.equal(true);
      expect(message).not.to.include('secret');
    });
  }

  it('allow PLAIN without encryption only with KAFKA_TLS=off', () => {
    const env = { ...brokers, ...user, KAFKA_SASL_MECHANISM: 'plain', KAFKA_TLS: 'off' };
    expect(readSettings(env).KAFKA_SASL_MECHANISM).to.equal('PLAIN');
  });

  it('name a file that cannot be used', async () => {
    await using authority = await Authority.create();
    const { cert, key } = await authority.issue({});
    const { key: KEY } = await authority.issue({});
    const file = path.join(authority.path, 'garbage');
    writeFileSync(file, 'garbage');
    const garbage = file;
    const wrong: readonly [Partial<Record<'CA' | 'CERT' | 'KEY', string>>, RegExp][] = [
      [{ CA: '/nowhere/ca.pem' }, /^DATABASE_TLS_CA: \/nowhere\/ca.pem cannot be read \(ENOENT\)$/],
      [{ CA: garbage }, /^DATABASE_TLS_CA: .* holds no certificate/],
      [{ CERT: garbage, KEY: key }, /^DATABASE_TLS_CERT: .* holds no certificate/],
      [{ CERT: cert, KEY: garbage }, /^DATABASE_TLS_KEY: holds no private key/],
      [{ CERT: cert, KEY }, /^DATABASE_TLS_KEY: is not the key of DATABASE_TLS_CERT$/],
    ];
    for (const [files, said] of wrong) {
      const named = Object.entries(files).map(([part, each]) => [`DATABASE_TLS_${part}`, each]);
      const env = { DATABASE_URL: DATABASE, DATABASE_TLS: 'on', ...Object.fromEntries(named) };
      expect(() => tlsOptions('DATABASE', readSettings(env))).to.throw(SettingsError, said);
    }
  });
});
