import { createServer } from 'node:net';
import { expect } from 'chai';
import { startMysql } from '../../../tools/servers/mysql/start-mysql.js';
import { startRedis } from '../../../tools/servers/redis/start-redis.js';
import { ServerNotOwnedError, ServerUnavailableError } from '../../../tools/servers/server.js';
import type { ServerKind } from '../../../tools/servers/server-kind.js';
import { bringUp } from '../../../tools/servers/sources/bring-up.js';
import { listenAnywhere } from './listener.js';

describe('Starting a server', () => {
  it('prefers the given address', async () => {
    await using own = await startRedis({ sources: ['binary', 'docker'] });
    const given = await startRedis({ given: own.url });
    expect([given.source, given.url]).to.deep.equal(['given', own.url]);
  });

  it('never stops a given server', async () => {
    await using own = await startRedis({ sources: ['binary', 'docker'] });
    const given = await startRedis({ given: own.url });
    for (const harm of ['stop', 'start', 'pause', 'resume'] as const) {
      expect(await failureOf(given[harm]())).to.be.instanceOf(ServerNotOwnedError);
    }
    await given.close();
    expect((await startRedis({ given: own.url })).url).to.equal(own.url);
  });

  it('fails when nothing answers at the given address, and does not show its password', async () => {
    const { port, close } = await listenAnywhere(createServer((socket) => socket.destroy()));
    await close();
    const given = `mysql://root:secret@127.0.0.1:${port}/lockstep`;
    const failure = await failureOf(startMysql({ given }));
    expect(failure).to.be.instanceOf(ServerUnavailableError);
    expect(failure.message).to.equal(`MariaDB or MySQL does not answer at 127.0.0.1:${port}`);
  });

  it('says in one line what to install when no program can start it', async () => {
    const options = { sources: ['given', 'binary'], variable: 'NO_SUCH_URL' } as const;
    const failure = await failureOf(bringUp(MISSING, options));
    expect(failure).to.be.instanceOf(ServerUnavailableError);
    expect(failure.message).to.equal(
      'Missing is needed: set NO_SUCH_URL to its address, or install it',
    );
  });

  it('says in one line that the requested port is in use', async () => {
    const { port, close } = await listenAnywhere(createServer());
    const failure = await failureOf(startRedis({ sources: ['binary'], port }));
    await close();
    expect(failure.message).to.equal(`port ${port} for Redis cannot be used: EADDRINUSE`);
  });

  it('shows the output of the program when it does not start', async () => {
    const settings = { 'no-such-setting': 'x' };
    const failure = await failureOf(startRedis({ sources: ['binary'], settings }));
    expect(failure.message)
      .to.match(/redis-server ended: .+/)
      .and.not.contain('\n');
  });

  it('skips a program that this machine does not have', async () => {
    const failure = await failureOf(bringUp(MISSING, { sources: ['binary'] }));
    expect(failure.message).to.equal('Missing is needed: install it');
  });
});

const MISSING: ServerKind = {
  title: 'Missing',
  slug: 'missing',
  variable: 'TEST_MISSING_URL',
  image: { name: 'missing:1', port: 1, environment: {}, command: [] },
  programs: [{ name: 'no-such-program', argumentsFor: () => [] }],
  debianPackage: undefined,
  urlFor: (host, port) => `missing://${host}:${port}`,
  ping: async () => undefined,
};

async function failureOf(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => new Error('it did not fail'),
    (error: unknown) => error as Error,
  );
}
