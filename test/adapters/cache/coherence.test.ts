import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { CacheUnavailableError } from '../../../src/adapters/cache/cache.js';
import type { RedisCacheSettings } from '../../../src/adapters/cache/redis-cache-settings.js';
import { SlowLoad, Truth, unique } from '../../contract/cache-harness.js';
import { eventually } from '../../contract/eventually.js';
import { rejection } from '../../support/rejection.js';
import { RedisServer } from '../lock/support/redis-server.js';
import {
  beginBase,
  type CacheInstance,
  cacheInstance,
  newBase,
  PATIENT,
  warm,
} from './redis-caches.js';

/** The staleness bound here, in milliseconds. */
const BOUND_MS = 400;

const now = () => ({ monotonicMs: performance.now(), wallMs: Date.now() });

describe('Two instances on one cache', () => {
  let server: RedisServer;
  let base: string;
  let open: CacheInstance[];
  let a: CacheInstance;
  let b: CacheInstance;
  let key: string;
  let truth: Truth;

  before(async () => {
    server = await RedisServer.start();
  });
  after(() => server.stop());

  beforeEach(async () => {
    base = newBase();
    open = [];
    key = unique('thing');
    truth = new Truth('v1');
    await beginBase(server.url, base);
    a = await instance();
    b = await instance();
    await warm(a);
    await warm(b);
  });
  afterEach(() => Promise.all(open.map((each) => each.close())));

  async function instance(settings: Partial<RedisCacheSettings> = {}) {
    const made = await cacheInstance(server.url, { base, ...settings });
    open.push(made);
    return made;
  }

  /**
   * An instance with long lifetimes, so that a slow machine makes it drop neither entries nor write
   * intents.
   */
  const patient = (settings: Partial<RedisCacheSettings> = {}) =>
    instance({ ...PATIENT, ...settings });

  const read = async ({ cache }: CacheInstance, atLeast?: number) =>
    cache.read({ key, atLeast }, truth.load);

  /** How many commands of this name the server has run. */
  async function calls({ clients }: CacheInstance, name: string): Promise<number> {
    const stats = await clients.commands.info('commandstats');
    return Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
  }

  /** Changes the source in the same steps as a unit of work. */
  async function write(by: CacheInstance, text: string): Promise<number> {
    const intent = await by.cache.beginWrite([key]);
    truth.text = text;
    return intent.end();
  }

  /**
   * Reads until the process itself answers, because a slow machine may be out of sync for a while.
   */
  const readsNear = (from: CacheInstance) =>
    eventually(async () => (await read(from)).source === 'l1');

  /** Reads for a while. Fails at the first answer that was replaced longer ago than the bound. */
  async function readsFresh(from: CacheInstance, forMs: number): Promise<void> {
    const replacedAt = performance.now();
    for (let now = replacedAt; now < replacedAt + forMs; now = performance.now()) {
      const { text, source } = await read(from);
      const ageMs = Math.round(now - replacedAt);
      if (text !== truth.text && ageMs > BOUND_MS) {
        expect.fail(`${source} answered ${text}, replaced ${ageMs} ms before`);
      }
      await delay(5);
    }
    expect((await read(from)).text).to.equal(truth.text);
  }

  describe('during a write', () => {
    it('no instance returns the old entry once the commit is done', async () => {
      const [writer, reader] = [await patient(), await patient()];
      await readsNear(reader);
      const intent = await writer.cache.beginWrite([key]);
      await eventually(async () => (await read(reader)).source === 'bypass');
      await intent.end();
    });

    it('no instance returns a stale entry when the writer crashes before it ends its write intent', async () => {
      await read(b);
      const dying = await instance({ writeIntentMs: 1_500 });
      await dying.cache.beginWrite([key]);
      truth.text = 'v2';
      // Longer than an instance relies on the message alone.
      await delay(100);
      expect((await read(b)).source).to.equal('bypass');
      await dying.close();
      let source = '';
      await eventually(async () => {
        const answer = await read(b);
        if (answer.text !== 'v2') source = `${answer.source}, stale`;
        return source !== '' || answer.source === 'l1';
      });
      expect(source).to.equal('');
    });

    it('the write is refused when Redis cannot be reached', async () => {
      await server.down();
      try {
        const error = await rejection(a.cache.beginWrite([key]));
        expect(error).to.be.instanceOf(CacheUnavailableError);
      } finally {
        await server.up();
      }
    });

    it('the commit is refused when the write intent may expire first', async () => {
      let aheadMs = 0;
      const clock = {
        now: () => ({ monotonicMs: performance.now() + aheadMs, wallMs: Date.now() + aheadMs }),
      };
      const slow = await patient({ maxStalenessMs: 600_000, clock });
      const intent = await slow.cache.beginWrite([key]);
      intent.assertValid();
      aheadMs = PATIENT.writeIntentMs - PATIENT.commitMs;
      expect(() => intent.assertValid()).to.throw(CacheUnavailableError);
    });

    it('the commit is refused when the connection to Redis was lost meanwhile', async () => {
      const intent = await (await patient()).cache.beginWrite([key]);
      intent.assertValid();
      await server.down();
      try {
        await eventually(() => expect(() => intent.assertValid()).to.throw());
      } finally {
        await server.up();
      }
    });

    it('the end of the write invalidates again when Redis lost the write intent', async () => {
      const intent = await a.cache.beginWrite([key]);
      await b.clients.commands.sendCommand(['FLUSHALL']);
      await warm(b);
      await read(b);
      expect((await read(b)).text).to.equal('v1');
      truth.text = 'v2';
      await intent.end();
      expect((await read(a)).text).to.equal('v2');
      await eventually(async () => (await read(b)).text === 'v2');
    });
  });

  describe('when a write invalidates a load under way', () => {
    it('the loaded text is stored in no cache', async () => {
      const loading = await patient();
      const slow = new SlowLoad(() => truth.text ?? '');
      const overtaken = loading.cache.read({ key }, slow.load);
      await slow.begun;
      await write(a, 'v2');
      slow.end();
      expect(await overtaken).to.deep.equal({ text: 'v1', source: 'miss' });
      expect((await read(loading)).text).to.equal('v2');
      expect((await read(a)).text).to.equal('v2');
    });

    it('a Redis reply from before the invalidation is not stored in the process', async () => {
      await eventually(async () => (await read(a)).source === 'l1');
      const reader = await patient();
      const { commands } = reader.clients;
      const send = commands.sendCommand.bind(commands);
      let deliver = () => {};
      const delivered = new Promise<void>((resolve) => {
        deliver = resolve;
      });
      let answered = () => {};
      const wasAnswered = new Promise<void>((resolve) => {
        answered = resolve;
      });
      commands.sendCommand = (async (...args: Parameters<typeof send>) => {
        const reply = await send(...args);
        if (args[0][0] !== 'GET') return reply;
        answered();
        await delivered;
        return reply;
      }) as typeof send;
      const old = read(reader);
      await wasAnswered;
      await write(a, 'v2');
      // After this time the message has arrived.
      await delay(50);
      deliver();
      expect((await old).text).to.equal('v1');
      commands.sendCommand = send;
      expect((await read(reader)).text).to.equal('v2');
    });
  });

  describe('when invalidation messages are lost', () => {
    it('no stale entry is returned beyond the staleness bound', async () => {
      await read(b);
      b.deaf = true;
      await write(a, 'v2');
      await readsFresh(b, 2 * BOUND_MS);
    });

    it('the next message shows that messages were lost', async () => {
      const deaf = await patient();
      await readsNear(deaf);
      deaf.deaf = true;
      await write(a, 'v2');
      await eventually(() => deaf.missed === 2);
      deaf.deaf = false;
      expect((await read(deaf)).text).to.equal('v1');
      await (await a.cache.beginWrite([unique('other')])).end();
      await eventually(async () => (await read(deaf)).text === 'v2');
    });

    it('a reconnection replays the lost messages', async () => {
      const deaf = await patient();
      await readsNear(deaf);
      deaf.deaf = true;
      await write(a, 'v2');
      await a.clients.commands.sendCommand(['CLIENT', 'KILL', 'TYPE', 'pubsub']);
      await eventually(async () => (await read(deaf)).text === 'v2');
    });

    it('every entry is dropped when Redis no longer has the lost messages', async () => {
      const deaf = await patient();
      await readsNear(deaf);
      deaf.deaf = true;
      const writer = await patient({ logLength: 5 });
      await write(writer, 'v2');
      for (let i = 0; i < 20; i += 1)
        await (await writer.cache.beginWrite([unique('other')])).end();
      expect((await read(deaf)).text).to.equal('v1');
      await a.clients.commands.sendCommand(['CLIENT', 'KILL', 'TYPE', 'pubsub']);
      await eventually(async () => (await read(deaf)).text === 'v2');
    });

    it('no entry of the process is returned when Redis hangs for longer than the staleness bound', async () => {
      await readsNear(b);
      server.pause();
      try {
        await delay(BOUND_MS + 50);
        expect((await read(b)).source).to.equal('bypass');
      } finally {
        server.resume();
      }
      await readsNear(b);
    });
  });

  describe('when Redis fails', () => {
    it('readers load from the database, one at a time for each key', async () => {
      await read(b);
      await server.down();
      try {
        await eventually(async () => (await read(b)).source === 'bypass');
        truth.text = 'v2';
        const before = truth.loads;
        const answers = await Promise.all(Array.from({ length: 100 }, () => read(b)));
        for (const { text } of answers) expect(text).to.equal('v2');
        expect(truth.loads - before).to.be.at.most(2);
      } finally {
        await server.up();
      }
    });

    it('no entry is stored after an empty restart until every lost write intent would have expired', async () => {
      for (const each of open.splice(0)) await each.close();
      // The only instance on this base, so no earlier write intent delays it.
      const alone = await instance({ writeIntentMs: 1_500 });
      await read(alone);
      await server.down();
      await server.up();
      await eventually(() => alone.shared.isInSync(now()));
      expect((await read(alone)).source).to.equal('bypass');
      await eventually(async () => (await read(alone)).source === 'stored');
    });

    it('no entry is returned after a restart from an older snapshot', async () => {
      await read(a);
      await b.clients.commands.sendCommand(['SAVE']);
      await write(a, 'v2');
      await server.down();
      await server.up();
      for (const each of [a, b]) {
        await readsNear(each);
        expect((await read(each)).text).to.equal('v2');
      }
    });

    it('a new epoch begins after the control keys were evicted', async () => {
      await read(b);
      b.deaf = true;
      await write(a, 'v2');
      await a.clients.commands.sendCommand(['DEL', `${base}:control`, `${base}:numbers`]);
      await readsFresh(b, 2 * BOUND_MS);
    });
  });

  describe('for a reader with the number of its own write', () => {
    it('an entry from before that write is not returned, though its message was lost', async () => {
      const deaf = await patient();
      await readsNear(deaf);
      deaf.deaf = true;
      const number = await write(a, 'v2');
      expect((await read(deaf)).text).to.equal('v1');
      expect((await read(deaf, number)).text).to.equal('v2');
    });
  });

  describe('on a cold key', () => {
    it('500 readers on each instance cause one load', async () => {
      const pair = [await patient(), await patient()];
      const reads = pair.flatMap((each) => Array.from({ length: 500 }, () => read(each)));
      for (const { text } of await Promise.all(reads)) expect(text).to.equal('v1');
      expect(truth.loads).to.equal(1);
    });

    it('a reader loads past the cache when another instance loads for too long', async () => {
      const slow = new SlowLoad(() => 'v1');
      const loading = (await patient()).cache.read({ key }, slow.load);
      await slow.begun;
      const hasty = await patient({ fillWaitMs: 50 });
      expect((await read(hasty)).source).to.equal('bypass');
      slow.end();
      expect((await loading).source).to.equal('stored');
    });

    it('readers wait once for an instance whose load hangs', async () => {
      const slow = new SlowLoad(() => 'never');
      void (await patient()).cache.read({ key }, slow.load);
      await slow.begun;
      const hasty = await patient({ fillWaitMs: 50 });
      const asked = async () => {
        const before = await calls(hasty, 'evalsha');
        expect((await read(hasty)).source).to.equal('bypass');
        return (await calls(hasty, 'evalsha')) - before;
      };
      for (const each of [a, b]) each.shared.close();
      expect(await asked()).to.be.greaterThan(1);
      expect(await asked()).to.equal(1);
    });

    it('another instance loads soon after the loading instance crashed', async () => {
      const dying = await instance({ fillMs: 60_000, fillLeaseMs: 200 });
      const slow = new SlowLoad(() => 'never');
      void dying.cache.read({ key }, slow.load);
      await slow.begun;
      await dying.close();
      const waiting = await patient({ fillWaitMs: 1_000 });
      expect((await read(waiting)).source).to.equal('stored');
    });

    /** Milliseconds until the fill lease of the key ends; negative when there is none. */
    const leaseLeftMs = () => a.clients.commands.pTTL(`${base}:fill:${key}`);

    it('a load that takes longer than its fill lease is kept', async () => {
      const slow = new SlowLoad(() => 'v1');
      const loading = (await patient({ fillLeaseMs: 1_200 })).cache.read({ key }, slow.load);
      await slow.begun;
      for (let renewals = 0, leftMs = await leaseLeftMs(); renewals < 3; ) {
        await delay(20);
        const beforeMs = leftMs;
        leftMs = await leaseLeftMs();
        expect(leftMs).to.be.greaterThan(0);
        if (leftMs > beforeMs) renewals += 1;
      }
      slow.end();
      expect((await loading).source).to.equal('stored');
    });

    it('a load that takes longer than the longest load is not kept', async () => {
      const slow = new SlowLoad(() => 'v1');
      const settings = { fillMs: 600, fillLeaseMs: 200 };
      const loading = (await patient(settings)).cache.read({ key }, slow.load);
      await slow.begun;
      await eventually(async () => (await leaseLeftMs()) < 0);
      slow.end();
      expect((await loading).source).to.equal('miss');
    });
  });

  it('a hit in Redis costs one GET', async () => {
    await read(a);
    const reader = await patient();
    for (const each of [a, b]) each.shared.close();
    const before = [await calls(a, 'get'), await calls(a, 'evalsha')];
    expect((await read(reader)).source).to.equal('l2');
    expect([await calls(a, 'get'), await calls(a, 'evalsha')]).to.deep.equal([
      (before[0] ?? 0) + 1,
      before[1],
    ]);
  });

  it('a load sends no message', async () => {
    const received: string[] = [];
    const listener = await instance();
    await listener.clients.subscriber.subscribe(`${base}:invalidations`, (message) => {
      received.push(message);
    });
    await read(a);
    await read(b);
    expect(received).to.deep.equal([]);
    await write(a, 'v2');
    await eventually(() => received.length === 2);
  });

  it('an entry does not live longer because a process stores a copy of it', async () => {
    const [first, second] = [await patient(), await patient()];
    // A machine that stops for longer than the entry lives finds no entry, so longer lives are
    // tried.
    for (const ttlMs of [500, 2_000, 8_000]) {
      const entry = { key: unique('brief'), ttlMs };
      truth.text = 'v1';
      const begun = performance.now();
      await first.cache.read(entry, truth.load);
      truth.text = 'v2';
      await delay(ttlMs / 2);
      const { text } = await second.cache.read(entry, truth.load);
      if (text !== 'v1' && performance.now() > begun + 0.9 * ttlMs) continue;
      expect(text).to.equal('v1');
      await delay(Math.max(0, begun + ttlMs + 50 - performance.now()));
      expect((await second.cache.read(entry, truth.load)).text).to.equal('v2');
      return;
    }
    expect.fail('the machine stood still for longer than an answer lives, again and again');
  });

  it('an expired entry is returned during its reload only to a reader that allows it', async () => {
    const entry = { key, ttlMs: 50, staleMs: 60_000 };
    const { cache } = await patient();
    await cache.read(entry, truth.load);
    truth.text = 'v2';
    await delay(80);
    expect((await cache.read(entry, truth.load)).text).to.equal('v1');
    await eventually(async () => (await cache.read(entry, truth.load)).text === 'v2');
  });

  it('an expired entry is never returned after its write', async () => {
    const entry = { key, ttlMs: 50, staleMs: 60_000 };
    const writer = await patient();
    await writer.cache.read(entry, truth.load);
    await delay(80);
    await write(writer, 'v2');
    expect((await writer.cache.read(entry, truth.load)).text).to.equal('v2');
  });
});
