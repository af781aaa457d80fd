import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import type { Request } from 'express';
import { oneAtATime } from '../../../../src/adapters/http/requests/one-at-a-time.js';

describe('Large bodies', () => {
  const requestOf = (length: string | undefined, body: unknown = {}) =>
    ({ headers: { 'content-length': length }, body }) as unknown as Request;

  it('continue one in each turn of the event loop, and small ones at once', async () => {
    const handler = oneAtATime();
    const continued: string[] = [];
    const send = (name: string, length: string | undefined, body?: unknown) =>
      handler(requestOf(length, body), () => continued.push(name));
    for (const name of ['large 1', 'large 2']) send(name, '6000');
    send('chunked', undefined);
    send('small', '40');
    expect(continued).to.deep.equal(['small']);
    for (const next of ['large 1', 'large 2', 'chunked']) {
      await turn();
      expect(continued.at(-1)).to.equal(next);
    }
    send('after a pause', '6000');
    await turn();
    expect(continued).to.deep.equal(['small', 'large 1', 'large 2', 'chunked', 'after a pause']);
  });

  it('that were not parsed continue at once', () => {
    const continued: string[] = [];
    const request = { headers: {} } as Request;
    oneAtATime()(request, () => continued.push('without a body'));
    expect(continued).to.deep.equal(['without a body']);
  });
});
