import { expect } from 'chai';
import { errors } from 'jose';
import { RemoteKeySet } from '../../../../src/adapters/http/auth/remote-key-set.js';
import { eventually } from '../../../../tools/servers/eventually.js';
import { rejection } from '../../../support/rejection.js';
import { KeySetServer } from '../support/key-set-server.js';

const HEADER = { alg: 'ES256', kid: 'ES256' };

describe('A key set that is older than it should be', () => {
  let server: KeySetServer;
  let keySet: RemoteKeySet;

  beforeEach(async () => {
    server = await KeySetServer.start();
    keySet = new RemoteKeySet(new URL(server.url), { timeoutMs: 3_000, refreshMs: 1 });
  });
  afterEach(() => server[Symbol.asyncDispose]());

  const find = async () => keySet.find(HEADER, { payload: '', signature: '' });

  it('is fetched again, and no longer contains a withdrawn key', async () => {
    await find();
    server.published = [];
    await eventually(async () => {
      expect(await rejection(find())).to.be.instanceOf(errors.JWKSNoMatchingKey);
    });
  });

  it('is used while its provider is down', async () => {
    await find();
    await server.down();
    for (let i = 0; i < 10; i += 1) await find();
  });
});
