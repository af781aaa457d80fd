import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { HttpServer } from '../../../../src/adapters/http/http-server.js';
import { LockPort } from '../../../../src/domain/ports/lock-port.js';
import { eventually } from '../../../../tools/servers/eventually.js';
import { ApiClient, type ApiResponse } from '../../../support/api-client.js';
import {
  backends,
  type Env,
  embedded,
  type OpenBackend,
  servers,
} from '../../../support/backends.js';
import { blockEventLoop } from '../../../support/block-event-loop.js';
import { InstanceProcess } from '../../../support/instance-process.js';
import { rejection } from '../../../support/rejection.js';
import { addProduct, orderOf, readAll, tally } from '../../../support/shop.js';
import { startTestService } from '../../../support/test-service.js';

/** Much longer than these tests may take, so a test fails when the instance waits for this time. */
const PATIENT: Env = { SHUTDOWN_GRACE_MS: '600000', LOCK_LEASE_MS: '1000' };

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  describe(`an instance that gets ${signal}`, () => {
    let open: OpenBackend;
    let instance: InstanceProcess;

    beforeEach(async () => {
      open = await embedded.open();
      instance = await InstanceProcess.start({ ...open.env, ...PATIENT });
    });

    afterEach(async () => {
      await instance?.[Symbol.asyncDispose]();
      await open?.[Symbol.asyncDispose]();
    });

    it('exits with 0 when there are no requests', async () => {
      expect(await instance.end(signal)).to.equal(0);
    });

    it('does not wait for idle connections', async () => {
      const agent = new Agent({ keepAlive: true });
      const asked = request(`${instance.url}/healthz`, { agent }).end();
      const [response] = await once(asked, 'response');
      response.resume();
      await once(response, 'end');
      expect(await instance.end(signal)).to.equal(0);
      agent.destroy();
    });

    it('does not wait for clients that keep sending requests on an open connection', async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      let stopped = false;
      const asking = (async () => {
        while (!stopped) {
          const asked = request(`${instance.url}/healthz`, { agent }).end();
          const answered = once(asked, 'response').then(async ([response]) => {
            response.resume();
            await once(response, 'end');
          });
          // The request fails when the instance has stopped.
          if (
            !(await answered.then(
              () => true,
              () => false,
            ))
          )
            return;
        }
      })();
      expect(await instance.end(signal)).to.equal(0);
      stopped = true;
      await asking;
      agent.destroy();
    });
  });
}

describe('a server that closes', () => {
  for (const [condition, busyMs] of [
    ['', 0],
    [', although each request blocks the event loop for 30 ms', 30],
  ] as const) {
    it(`answers the requests on connections that it has not accepted yet${condition}`, async () => {
      const server = new HttpServer((_req, res) => {
        blockEventLoop(busyMs);
        res.end('served');
      });
      const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
      const clients = Array.from({ length: 60 }, () => connect(port, '127.0.0.1'));
      for (const client of clients) client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      // The system completes the connections in the next tick, and the server accepts them later.
      await new Promise<void>((resolve) => process.nextTick(resolve));
      const closed = server.close(10_000);
      const answers = clients.map((client) => client.setEncoding('utf8').toArray());
      for (const parts of await Promise.all(answers)) {
        expect(parts.join('')).to.match(/^HTTP\/1\.1 200 OK/);
      }
      await closed;
    });
  }
});

describe('an instance that is stopped under load', () => {
  /** The answer to each request; undefined when the instance no longer listened. */
  async function load(url: string, env: Env, productId: string, until: () => boolean) {
    const answers: (ApiResponse | undefined)[] = [];
    const buyers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => ApiClient.of(url, env, `buyer-${i}`)),
    );
    const buy = async (buyer: ApiClient) => {
      while (!until()) {
        const answer = await buyer.post('/v1/orders', orderOf(productId)).catch(() => undefined);
        answers.push(answer);
        if (!answer) return;
      }
    };
    return { answers, done: Promise.all(buyers.map(buy)) };
  }

  for (const [signal, outcome] of [
    ['SIGTERM', 0],
    ['SIGKILL', 'SIGKILL'],
  ] as const) {
    for (const backend of backends) {
      it(`keeps every order it answered, ended by ${signal} on ${backend.name}`, async () => {
        await using open = await backend.open();
        const env = { ...open.env, ...PATIENT };
        await using first = await InstanceProcess.start(env);
        const admin = await ApiClient.of(first.url, env, 'admin', 'admin');
        const productId = await addProduct(admin, { stock: 10_000 });
        const { answers, done } = await load(first.url, env, productId, () => false);
        await eventually(() => expect(answers.length).to.be.above(30), { withinMs: 60_000 });
        expect(await first.end(signal)).to.equal(outcome);
        await done;
        const answered = answers.filter((answer) => answer !== undefined);
        expect(Object.keys(tally(answered))).to.deep.equal(['201']);

        await using second = await InstanceProcess.start(env);
        const buyers = await Promise.all(
          Array.from({ length: 10 }, (_, i) => ApiClient.of(second.url, env, `buyer-${i}`)),
        );
        const kept = await Promise.all(
          buyers.map((buyer) => readAll<{ id: string }>(buyer, '/v1/orders')),
        );
        const ids = kept.flat().map(({ id }) => id);
        expect(ids).to.include.members(answered.map(({ body }) => body.id));
        const stock = await buyers[0]?.get(`/v1/products/${productId}/stock`);
        expect(stock?.body.available).to.equal(10_000 - ids.length);
        const again = await buyers[0]?.post('/v1/orders', orderOf(productId));
        expect(again?.status).to.equal(201);
      });
    }
  }

  it('finishes the request that waits for a lock, and takes no new ones meanwhile', async () => {
    await using waiting = await requestThatWaits();
    const { holder, instance, pair, productId } = waiting;
    const ended = instance.end('SIGTERM');
    await eventually(() => refusesConnections(instance));
    await waiting.lease.release();
    expect(tally(await Promise.all(pair))).to.deep.equal({ 201: 1, 409: 1 });
    expect(await ended).to.equal(0);
    const stock = await holder.anyone.get(`/v1/products/${productId}/stock`);
    expect(stock.body.available).to.equal(9);
    // The stopped instance released its leases, so nobody waits until they expire.
    const next = await holder.admin.post('/v1/orders', orderOf(productId));
    expect(next.status).to.equal(201);
  });

  it('finishes the request although both the terminal and npm send it a signal', async () => {
    await using waiting = await requestThatWaits();
    const { instance, pair } = waiting;
    // Two names: the system would deliver the same pending signal once.
    instance.signal('SIGINT');
    const ended = instance.end('SIGTERM');
    await eventually(() => refusesConnections(instance));
    await waiting.lease.release();
    expect(tally(await Promise.all(pair))).to.deep.equal({ 201: 1, 409: 1 });
    expect(await ended).to.equal(0);
  });

  it('ends at once at a signal that comes more than 1 s after the first', async () => {
    await using waiting = await requestThatWaits();
    const { instance, pair } = waiting;
    const cut = Promise.allSettled(pair);
    instance.signal('SIGINT');
    await eventually(() => refusesConnections(instance));
    await pause(1_100);
    expect(instance.hasEnded).to.equal(false);
    expect(await instance.end('SIGINT')).to.equal(1);
    const answers = (await cut).filter((result) => result.status === 'fulfilled');
    expect(tally(answers.map(({ value }) => value))).to.deep.equal({ 409: 1 });
  });
});

/** An order at an instance of its own, which waits for a lock that this process holds. */
async function requestThatWaits() {
  await using opened = new AsyncDisposableStack();
  const holder = opened.use(await startTestService(servers, PATIENT));
  const instance = opened.use(await InstanceProcess.start(holder.env));
  const productId = await addProduct(holder.admin);
  const user = await ApiClient.of(instance.url, holder.env, 'patient');
  const lock = holder.service.container.get(LockPort);
  const lease = opened.use(await lock.acquire([`stock:${productId}`]));
  const key = { 'Idempotency-Key': 'patient' };
  const send = () => user.post('/v1/orders', orderOf(productId), key);
  // One of the two is refused, because the other one is still in progress.
  const pair = [send(), send()];
  expect((await Promise.race(pair)).body.code).to.equal('idempotency_in_progress');
  const kept = opened.move();
  return {
    ...{ holder, instance, productId, lease, pair },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function refusesConnections({ url }: InstanceProcess): Promise<void> {
  expect(await rejection(connected(url))).to.include({ code: 'ECONNREFUSED' });
}

async function connected(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  await once(socket, 'connect');
  socket.destroy();
}
