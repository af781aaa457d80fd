import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { SECRETS } from '../../src/config/settings/files/secret-files.js';
import { readSettings, SettingsError } from '../../src/config/settings/settings.js';

/** A valid value of each secret, with other variables that it needs. */
const VALUES: Record<(typeof SECRETS)[number], readonly [string, Record<string, string>?]> = {
  DATABASE_URL: ['mysql://shop:pass@db:3306/shop'],
  REDIS_URL: ['redis://:pass@redis:6379'],
  KAFKA_SASL_PASSWORD: [
    'pass word',
    { KAFKA_SASL_MECHANISM: 'SCRAM-SHA-256', KAFKA_SASL_USERNAME: 'shop' },
  ],
  JWT_SECRET: ['s'.repeat(32)],
  PAYMENT_GATEWAY_KEY: ['key', { PAYMENT_GATEWAY_URL: 'https://bank.example' }],
  LAB_SIGN_IN_CODE: ['c'.repeat(22)],
};

describe('A secret in a file', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'secrets-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function fileOf(content: string): string {
    const file = path.join(folder, 'secret');
    writeFileSync(file, content);
    return file;
  }

  for (const name of SECRETS) {
    const [value, others = {}] = VALUES[name];

    it(`is read for ${name}, without the line break at its end`, () => {
      for (const end of ['', '\n', '\r\n']) {
        const settings = readSettings({ ...others, [`${name}_FILE`]: fileOf(value + end) });
        expect(settings[name]).to.equal(value);
      }
    });

    it(`is refused for ${name} when the variable is set too`, () => {
      const env = { ...others, [name]: value, [`${name}_FILE`]: fileOf(value) };
      expect(() => readSettings(env))
        .to.throw(SettingsError)
        .with.property('message', `${name}, ${name}_FILE: set one of them, not both`);
    });
  }

  it('keeps blanks and all but the last line break', () => {
    const secret = ` ${'s'.repeat(40)} \n`;
    expect(readSettings({ JWT_SECRET_FILE: fileOf(`${secret}\n`) }).JWT_SECRET).to.equal(secret);
  });

  it('is checked like the variable, and the message does not show it', () => {
    const read = () => readSettings({ JWT_SECRET_FILE: fileOf('hunter2') });
    expect(read).to.throw(SettingsError, 'JWT_SECRET: must have at least 32 characters');
    expect(read).not.to.throw('hunter2');
  });

  it('stops the start when it is missing, empty or a folder, with a line for each', () => {
    const missing = path.join(folder, 'nothing');
    const env = {
      JWT_SECRET_FILE: missing,
      REDIS_URL_FILE: fileOf('\n'),
      DATABASE_URL_FILE: folder,
    };
    expect(() => readSettings(env))
      .to.throw(SettingsError)
      .with.property('message')
      .that.equals(
        [
          `DATABASE_URL_FILE: ${folder} cannot be read (EISDIR)`,
          `REDIS_URL_FILE: ${env.REDIS_URL_FILE} is empty`,
          `JWT_SECRET_FILE: ${missing} cannot be read (ENOENT)`,
        ].join('\n'),
      );
  });

  it('is absent when its variable is empty', () => {
    expect(readSettings({ JWT_SECRET_FILE: '' }).JWT_SECRET).to.equal(undefined);
  });
});
