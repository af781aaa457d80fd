import { createClient } from '@redis/client';
import { expect } from 'chai';
import { startRedis } from '../../../tools/servers/redis/start-redis.js';
import type { Server } from '../../../tools/servers/server.js';

const OWN = ['docker', 'binary'] as const;

describe('A Redis server that was started', () => {
  let server: Server;

  beforeEach(async () => {
    server = await startRedis({ sources: OWN });
  });

  afterEach(() => server.close());

  it('answers at its address', async () => {
    expect(await withClient(server.url, (client) => client.ping())).to.equal('PONG');
  });

  it('restarts on the same port with its data', async () => {
    await withClient(server.url, (client) => client.set('kept', 'yes'));
    await server.stop();
    await server.start();
    expect(await withClient(server.url, (client) => client.get('kept'))).to.equal('yes');
  });

  it('keeps acknowledged writes when it is killed', async () => {
    await withClient(server.url, (client) => client.set('kept', 'yes'));
    await server.stop('abruptly');
    await server.start();
    expect(await withClient(server.url, (client) => client.get('kept'))).to.equal('yes');
  });

  it('restarts on the same port without its data when started empty', async () => {
    await withClient(server.url, (client) => client.set('lost', 'yes'));
    await server.stop();
    await server.start('empty');
    expect(await withClient(server.url, (client) => client.get('lost'))).to.equal(null);
  });

  it('refuses connections while it is stopped', async () => {
    await server.stop();
    const failure = await withClient(server.url, (client) => client.ping()).catch(String);
    expect(failure).to.contain('ECONNREFUSED');
  });

  it('does not answer while it is paused, and continues when resumed', async () => {
    await server.pause();
    const answer = withClient(server.url, (client) => client.ping());
    const first = await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 300))]);
    expect(first).to.equal(undefined);
    await server.resume();
    expect(await answer).to.equal('PONG');
  });

  it('evicts nothing, and accepts other settings', async () => {
    await using other = await startRedis({ sources: OWN, settings: { maxmemory: '64mb' } });
    const settings = await withClient(other.url, (client) => client.configGet('maxmemory*'));
    expect(settings).to.include({ 'maxmemory-policy': 'noeviction', maxmemory: '67108864' });
  });
});

type Client = ReturnType<typeof createClient>;

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = createClient({ url, socket: { reconnectStrategy: false } });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client as Client);
  } finally {
    client.destroy();
  }
}
