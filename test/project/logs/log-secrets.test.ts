import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { createLogger } from '../../../src/config/logger.js';
import { LockBusyError } from '../../../src/domain/ports/lock-port.js';
import { TemporaryFolder } from '../../../tools/servers/temporary-folder.js';
import { readTestOutput, secretsIn } from '../../../tools/test/log-secrets.js';
import { runGroups } from '../../../tools/test/run-groups.js';

const line = (fields: object) =>
  JSON.stringify({ level: 30, time: 1, instance: 'i', ...fields, msg: 'request completed' });

const SECRET_LINES: Readonly<Record<string, object>> = {
  'a bearer token': { detail: 'Authorization: Bearer abcdefghijkl' },
  'a JSON Web Token': { detail: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.signature' },
  'the password of an address': { err: { message: 'no mysql://root:hunter2@db:3306/shop' } },
  'a card token': { body: '{"method":"card","token_of_card":"tok_visa"}' },
  'a query string': { req: { url: '/v1/products?search=shoes' } },
  'an idempotency key': { err: { keys: ['idempotency:["ada","order-of-ada"]'] } },
  'a secret field': { headers: { cookie: 'session=1' } },
};

const HARMLESS = [
  { req: { id: '0193', method: 'GET', url: '/v1/orders/0193' }, res: { statusCode: 200 } },
  { err: { message: 'cannot reach mysql://***@db:3306/shop', stack: 'at file.js:1:2' } },
  { err: { message: 'SELECT id FROM stocks WHERE id = ? AND version = ?' } },
  { err: { message: 'The Idempotency-Key must have 1 to 255 characters.' } },
  { err: { message: 'the bearer token is not valid' } },
];

describe('The search for secrets in the logs of a test run', () => {
  const NONE: ReadonlySet<string> = new Set();

  for (const [kind, fields] of Object.entries(SECRET_LINES)) {
    it(`finds ${kind}`, () => {
      expect(secretsIn(line(fields), NONE)).to.deep.equal([kind]);
    });
  }

  it('finds a value that a client sent as a secret', () => {
    const sent = new Set(['order-of-ada']);
    const kinds = secretsIn(line({ detail: 'key order-of-ada is in use' }), sent);
    expect(kinds).to.deep.equal(['a value that a client sent as a secret']);
  });

  for (const fields of HARMLESS) {
    it(`finds nothing in ${JSON.stringify(fields)}`, () => {
      expect(secretsIn(line(fields), NONE)).to.deep.equal([]);
    });
  }

  it('separates log lines from the listing of the tests', async () => {
    await using folder = new TemporaryFolder('log-secrets');
    const file = path.join(folder.path, 'output');
    const output = [
      '  ✔ sends Bearer abcdefghijkl',
      line({ detail: 'key order-of-ada is in use' }),
      'sent-secret: order-of-ada',
      line({ req: { url: '/v1/orders' } }),
    ];
    writeFileSync(file, output.join('\n'));
    expect(await readTestOutput(file)).to.deep.equal({
      text: output[0],
      logLines: 2,
      leaks: ['a value that a client sent as a secret in "request completed"'],
    });
  });

  it('finds a secret that a test planted in a log line', async () => {
    await using folder = new TemporaryFolder('log-secrets');
    const file = path.join(folder.path, 'planted.test.mjs');
    const planted = line({ detail: 'Bearer abcdefghijkl' });
    writeFileSync(file, `it('logs a token', () => console.log(${JSON.stringify(planted)}));`);
    const [run] = await runGroups([{ name: 'planted', files: [file], waits: false }]);
    expect(run?.result).to.deep.include({ passed: 1, failed: 0 });
    expect(run?.leaks).to.deep.equal(['a bearer token in "request completed"']);
  });
});

describe('An error in a log line', () => {
  it('does not show the idempotency key by which its lock is named', () => {
    const lines: string[] = [];
    const logger = createLogger({}, { write: (text) => void lines.push(text) });
    const keys = ['stock:1', `idempotency:${JSON.stringify(['ada', 'my "own" ] key'])}`];
    logger.error({ err: new LockBusyError(keys) }, 'failed');
    expect(lines.join('')).to.include('stock:1').and.include('idempotency:***');
    expect(lines.join('')).not.to.include('own');
  });
});
