import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import type { Cache, Load } from '../../src/adapters/cache/cache.js';
import {
  type CacheHarness,
  eventually,
  rejection,
  SlowLoad,
  Truth,
  unique,
} from './cache-harness.js';

/** What every cache promises. Call it in a mocha suite; each case gets its own harness. */
export function cacheContract(name: string, makeHarness: () => Promise<CacheHarness>): void {
  describe(`${name}: cache contract`, () => {
    let harness: CacheHarness;
    let cache: Cache;
    beforeEach(async () => {
      harness = await makeHarness();
      cache = harness.cache;
    });
    afterEach(() => harness.close());

    it('loads once, and later returns the kept text', async () => {
      const truth = new Truth('v1');
      const key = unique('thing');
      expect(await cache.read({ key }, truth.load)).to.deep.equal({ text: 'v1', source: 'stored' });
      truth.text = 'v2';
      const again = await cache.read({ key }, truth.load);
      expect(again.text).to.equal('v1');
      expect(again.source).to.be.oneOf(['l1', 'l2']);
      expect(truth.loads).to.equal(1);
    });

    it('has an entry in this process only where a read would return it from there', async () => {
      const truth = new Truth('v1');
      const key = unique('thing');
      const entry = { key };
      expect(cache.readLocal(entry)).to.equal(undefined);
      expect(truth.loads).to.equal(0);
      await cache.read(entry, truth.load);
      const local = cache.readLocal(entry);
      const { source } = await cache.read(entry, truth.load);
      expect(local).to.deep.equal(source === 'l1' ? { text: 'v1', source } : undefined);
      const future = { ...entry, atLeast: Number.MAX_SAFE_INTEGER };
      expect(cache.readLocal(future)).to.equal(undefined);
      const intent = await cache.beginWrite([key]);
      expect(cache.readLocal(entry)).to.equal(undefined);
      await cache.read(entry, truth.load);
      expect(cache.readLocal(entry)).to.equal(undefined);
      await intent.end();
      expect(cache.readLocal(entry)).to.equal(undefined);
    });

    it('stores that a resource does not exist', async () => {
      const truth = new Truth(undefined);
      const key = unique('thing');
      await cache.read({ key }, truth.load);
      expect((await cache.read({ key }, truth.load)).text).to.equal(undefined);
      expect(truth.loads).to.equal(1);
    });

    it('keeps no text with isKept: false', async () => {
      const key = unique('page');
      let loads = 0;
      const load: Load = async () => ({ text: `v${++loads}`, resources: [], isKept: false });
      for (const text of ['v1', 'v2', 'v3']) {
        const answer = await cache.read({ key, composed: true }, load);
        expect(answer).to.deep.equal({ text, source: 'miss' });
      }
    });

    it('distinguishes numbers that a write returned from numbers that none can have returned', async () => {
      const intent = await cache.beginWrite([unique('thing')]);
      const ended = await intent.end();
      for (const number of [0, intent.number, ended]) {
        expect(await cache.mayExist(number), `${number}`).to.equal(true);
      }
      const hourUs = 3_600_000_000;
      for (const number of [ended + hourUs, Number.MAX_SAFE_INTEGER]) {
        expect(await cache.mayExist(number), `${number}`).to.equal(false);
      }
    });

    it('returns an empty text as a text', async () => {
      const truth = new Truth('');
      const key = unique('thing');
      await cache.read({ key }, truth.load);
      expect((await cache.read({ key }, truth.load)).text).to.equal('');
    });

    it('returns any text unchanged', async () => {
      const truth = new Truth('two\nlines, 바둑 \u{1F375} "quoted"');
      const key = unique('thing with spaces?and=query&바둑');
      await cache.read({ key }, truth.load);
      expect((await cache.read({ key }, truth.load)).text).to.equal(truth.text);
    });

    it('lets readers of one key share a load', async () => {
      const truth = new Truth('v1');
      const key = unique('thing');
      const reads = Array.from({ length: 100 }, () => cache.read({ key }, truth.load));
      for (const { text } of await Promise.all(reads)) expect(text).to.equal('v1');
      expect(truth.loads).to.equal(1);
    });

    it('stores no error, and rejects every reader that shares the load', async () => {
      const key = unique('thing');
      const failing = async () => Promise.reject(new Error('database unreachable'));
      const errors = await Promise.all(
        Array.from({ length: 3 }, () => rejection(Promise.resolve(cache.read({ key }, failing)))),
      );
      for (const error of errors) expect(String(error)).to.contain('database unreachable');
      expect((await cache.read({ key }, new Truth('v1').load)).text).to.equal('v1');
    });

    it('drops an entry when its life is over', async () => {
      const truth = new Truth('v1');
      const key = unique('thing');
      await cache.read({ key, ttlMs: 30 }, truth.load);
      truth.text = 'v2';
      await eventually(async () => (await cache.read({ key }, truth.load)).text === 'v2');
    });

    it('returns the new value as soon as the write has ended', async () => {
      const truth = new Truth('v1');
      const key = unique('thing');
      await cache.read({ key }, truth.load);
      const intent = await cache.beginWrite([key]);
      truth.text = 'v2';
      await intent.end();
      expect((await cache.read({ key }, truth.load)).text).to.equal('v2');
    });

    it('loads at each read while a write is under way, and keeps nothing', async () => {
      const truth = new Truth('v1');
      const key = unique('thing');
      await cache.read({ key }, truth.load);
      const intent = await cache.beginWrite([key]);
      expect(await cache.read({ key }, truth.load)).to.deep.equal({ text: 'v1', source: 'bypass' });
      truth.text = 'v2';
      expect(await cache.read({ key }, truth.load)).to.deep.equal({ text: 'v2', source: 'bypass' });
      await intent.end();
      expect((await cache.read({ key }, truth.load)).source).to.equal('stored');
    });

    it('does not let a later reader share a load past the cache', async () => {
      const key = unique('thing');
      const intent = await cache.beginWrite([key]);
      // After this time the message of the write has arrived, so it ends no later load.
      await delay(20);
      let text = 'v1';
      const slow = new SlowLoad(() => text);
      const first = cache.read({ key }, slow.load);
      await slow.begun;
      text = 'v2';
      const second = cache.read({ key }, async () => ({ text }));
      const third = cache.read({ key }, async () => ({ text }));
      slow.end();
      expect((await first).text).to.equal('v1');
      expect((await second).text).to.equal('v2');
      expect((await third).text).to.equal('v2');
      await intent.end();
    });

    it('keeps no text when a write came during its load', async () => {
      let text = 'v1';
      const key = unique('thing');
      const slow = new SlowLoad(() => text);
      const overtaken = cache.read({ key }, slow.load);
      await slow.begun;
      const intent = await cache.beginWrite([key]);
      text = 'v2';
      await intent.end();
      slow.end();
      expect((await overtaken).source).to.equal('miss');
      expect((await cache.read({ key }, async () => ({ text }))).text).to.equal('v2');
    });

    it('does not let a reader after a write share a load from before it', async () => {
      let text = 'v1';
      const key = unique('thing');
      const slow = new SlowLoad(() => text);
      const overtaken = cache.read({ key }, slow.load);
      await slow.begun;
      const intent = await cache.beginWrite([key]);
      text = 'v2';
      await intent.end();
      expect((await cache.read({ key }, async () => ({ text }))).text).to.equal('v2');
      slow.end();
      await overtaken;
      expect((await cache.read({ key }, async () => ({ text }))).text).to.equal('v2');
    });

    it('keeps a value that was written through', async () => {
      const truth = new Truth('v1');
      const key = unique('thing');
      await cache.read({ key }, truth.load);
      const intent = await cache.beginWrite([key]);
      await intent.end([{ key, text: 'v2' }]);
      expect((await cache.read({ key }, truth.load)).text).to.equal('v2');
      expect(truth.loads).to.equal(1);
    });

    it('keeps no value that was written through during another write', async () => {
      const truth = new Truth('v3');
      const key = unique('thing');
      const one = await cache.beginWrite([key]);
      const other = await cache.beginWrite([key]);
      await one.end([{ key, text: 'v1' }]);
      await other.end([{ key, text: 'v2' }]);
      expect((await cache.read({ key }, truth.load)).text).to.equal('v3');
    });

    it('gives invalidations rising numbers', async () => {
      const key = unique('thing');
      const first = await cache.beginWrite([key]);
      const ended = await first.end();
      const second = await cache.beginWrite([key]);
      expect(ended).to.be.greaterThan(first.number);
      expect(second.number).to.be.greaterThan(ended);
      expect(await cache.latest()).to.be.at.least(second.number);
      await second.end();
    });

    describe('for composed entries', () => {
      const page = (key: string, ...parts: string[]) => ({
        entry: { key, composed: true },
        load: (text: string) => async () => ({ text, resources: parts }),
      });

      it('drops the entries that show the changed resource, and no others', async () => {
        const [a, b] = [unique('a'), unique('b')];
        const one = page(unique('page'), a, b);
        const other = page(unique('page'), b);
        await cache.read(one.entry, one.load('one'));
        await cache.read(other.entry, other.load('other'));
        await (await cache.beginWrite([a])).end();
        expect((await cache.read(one.entry, one.load('newer'))).text).to.equal('newer');
        expect((await cache.read(other.entry, other.load('newer'))).text).to.equal('other');
      });

      it('keeps no entry while a write of one of its resources is under way', async () => {
        const a = unique('a');
        const { entry, load } = page(unique('page'), a);
        const intent = await cache.beginWrite([a]);
        await cache.read(entry, load('v1'));
        expect((await cache.read(entry, load('v2'))).text).to.equal('v2');
        await intent.end();
        await cache.read(entry, load('v3'));
        expect((await cache.read(entry, load('v4'))).text).to.equal('v3');
      });

      it('keeps no entry whose load began before the write ended', async () => {
        const a = unique('a');
        const { entry } = page(unique('page'), a);
        const intent = await cache.beginWrite([a]);
        const slow = new SlowLoad(() => 'v1');
        const load = async () => ({ text: (await slow.load(entry))?.text ?? '', resources: [a] });
        const overtaken = cache.read(entry, load);
        await slow.begun;
        await intent.end();
        slow.end();
        expect((await overtaken).text).to.equal('v1');
        const next = await cache.read(entry, async () => ({ text: 'v2', resources: [a] }));
        expect(next.text).to.equal('v2');
      });
    });
  });
}
