import { expect } from 'chai';
import { describeFailure } from '../../src/commands/describe-failure.js';
import { createLogger, withoutCredentials } from '../../src/config/logger.js';
import { readSettings } from '../../src/config/settings/settings.js';

const TEXTS = [
  'cannot reach mysql://root:p%40ss-secret@db:3306/shop',
  'Request cannot be constructed from a URL that includes credentials: https://me:secret@idp/keys',
  'redis://:secret@127.0.0.1:6379 and rediss://user:secret@[::1]:6380 are down',
];

describe('Addresses in errors', () => {
  it('lose their user and password, and nothing else', () => {
    expect(withoutCredentials('mysql://root:secret@db:3306/shop?x=a@b')).to.equal(
      'mysql://***@db:3306/shop?x=a@b',
    );
    for (const text of ['http://127.0.0.1:3000/a@b', 'mail me@example.com', 'no address']) {
      expect(withoutCredentials(text)).to.equal(text);
    }
  });

  for (const text of TEXTS) {
    it(`are logged and printed without credentials: ${text.slice(0, 30)}`, () => {
      const lines: string[] = [];
      const logger = createLogger({}, { write: (line) => void lines.push(line) });
      const error = new Error('unreachable', { cause: new Error(text) });
      logger.child({ instance: 'i' }).error({ err: error }, 'failed');
      expect(lines.join('')).to.include('***@').and.not.to.include('secret');
      expect(describeFailure(error)).to.include('***@').and.not.to.include('secret');
    });
  }

  for (const name of ['JWT_JWKS_URL', 'PAYMENT_GATEWAY_URL']) {
    it(`are refused with credentials where none can be used: ${name}`, () => {
      const env = { [name]: 'https://me:secret@idp.example/keys', PAYMENT_GATEWAY_KEY: 'k' };
      expect(() => readSettings(env))
        .to.throw(`${name}: must hold no user or password`)
        .with.property('message')
        .not.include('secret');
    });
  }
});
