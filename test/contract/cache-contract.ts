import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import type { CachePort, Load } from '../../src/domain/ports/cache-port.js';
import { rejection } from '../support/rejection.js';
import { eventually } from './eventually.js';

export interface CacheHarness {
  readonly cache: CachePort;
  close(): Promise<void>;
}

/** A value that is read through the cache, and how often its truth was asked. */
export class Truth {
  loads = 0;
  /** Undefined: there is no such thing. */
  constructor(public text: string | undefined) {}

  readonly load: Load = async () => {
    this.loads += 1;
    const { text } = this;
    await new Promise(setImmediate);
    return text === undefined ? undefined : { text };
  };
}

/** A load that ends when it is told to. */
export class SlowLoad {
  #open: (() => void) | undefined;
  readonly begun: Promise<void>;
  #begin: () => void = () => {};

  constructor(private readonly text: () => string) {
    this.begun = new Promise((resolve) => {
      this.#begin = resolve;
    });
  }

  readonly load: Load = async () => {
    const text = this.text();
    this.#begin();
    await new Promise<void>((resolve) => {
      this.#open = resolve;
    });
    return { text };
  };

  end(): void {
    this.#open?.();
  }
}

/** What every CachePort promises, whatever keeps its answers. */
export function cacheContract(name: string, makeHarness: () => Promise<CacheHarness>): void {
  describe(`${name}: cache contract`, () => {
    let harness: CacheHarness;
    let cache: CachePort;
    beforeEach(async () => {
      harness = await makeHarness();
      cache = harness.cache;
    });
    afterEach(() => harness.close());

    it('loads once and answers from then on', async () => {
      const truth = new Truth('v1');
      const key = unique('thing');
      expect(await cache.read({ key }, truth.load)).to.deep.equal({ text: 'v1', source: 'stored' });
      truth.text = 'v2';
      const again = await cache.read({ key }, truth.load);
      expect(again.text).to.equal('v1');
      expect(again.source).to.be.oneOf(['l1', 'l2']);
      expect(truth.loads).to.equal(1);
    });

    it('remembers that there is no such thing', async () => {
      const truth = new Truth(undefined);
      const key = unique('thing');
      await cache.read({ key }, truth.load);
      expect((await cache.read({ key }, truth.load)).text).to.equal(undefined);
      expect(truth.loads).to.equal(1);
    });

    it('keeps nothing that is not to be kept, whoever asks', async () => {
      const key = unique('page');
      let loads = 0;
      const load: Load = async () => ({ text: `v${++loads}`, resources: [], isKept: false });
      for (const text of ['v1', 'v2', 'v3']) {
        const answer = await cache.read({ key, composed: true }, load);
        expect(answer).to.deep.equal({ text, source: 'miss' });
      }
    });

    it('knows numbers that a write was answered with from those that none can have been', async () => {
      const holdOff = await cache.holdOff([unique('thing')]);
      const ended = await holdOff.end();
      for (const number of [0, holdOff.number, ended]) {
        expect(await cache.mayExist(number), `${number}`).to.equal(true);
      }
      const hourUs = 3_600_000_000;
      for (const number of [ended + hourUs, Number.MAX_SAFE_INTEGER]) {
        expect(await cache.mayExist(number), `${number}`).to.equal(false);
      }
    });

    it('answers an empty text as a text', async () => {
      const truth = new Truth('');
      const key = unique('thing');
      await cache.read({ key }, truth.load);
      expect((await cache.read({ key }, truth.load)).text).to.equal('');
    });

    it('gives back any text as it was', async () => {
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

    it('keeps no failure, and tells it to all who wait', async () => {
      const key = unique('thing');
      const failing = async () => Promise.reject(new Error('database away'));
      const errors = await Promise.all(
        Array.from({ length: 3 }, () => rejection(Promise.resolve(cache.read({ key }, failing)))),
      );
      for (const error of errors) expect(String(error)).to.contain('database away');
      expect((await cache.read({ key }, new Truth('v1').load)).text).to.equal('v1');
    });

    it('forgets an answer when its life is over', async () => {
      const truth = new Truth('v1');
      const key = unique('thing');
      await cache.read({ key, ttlMs: 30 }, truth.load);
      truth.text = 'v2';
      await eventually(async () => (await cache.read({ key }, truth.load)).text === 'v2');
    });

    it('answers the new value as soon as the write has ended', async () => {
      const truth = new Truth('v1');
      const key = unique('thing');
      await cache.read({ key }, truth.load);
      const holdOff = await cache.holdOff([key]);
      truth.text = 'v2';
      await holdOff.end();
      expect((await cache.read({ key }, truth.load)).text).to.equal('v2');
    });

    it('answers the truth while a write is under way, and keeps nothing', async () => {
      const truth = new Truth('v1');
      const key = unique('thing');
      await cache.read({ key }, truth.load);
      const holdOff = await cache.holdOff([key]);
      expect(await cache.read({ key }, truth.load)).to.deep.equal({ text: 'v1', source: 'bypass' });
      truth.text = 'v2';
      expect(await cache.read({ key }, truth.load)).to.deep.equal({ text: 'v2', source: 'bypass' });
      await holdOff.end();
      expect((await cache.read({ key }, truth.load)).source).to.equal('stored');
    });

    it('lets nobody who comes later share a load past the cache', async () => {
      const key = unique('thing');
      const holdOff = await cache.holdOff([key]);
      // By then its message has come, and closes no load any more.
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
      await holdOff.end();
    });

    it('keeps no answer whose load a write overtook', async () => {
      let text = 'v1';
      const key = unique('thing');
      const slow = new SlowLoad(() => text);
      const overtaken = cache.read({ key }, slow.load);
      await slow.begun;
      const holdOff = await cache.holdOff([key]);
      text = 'v2';
      await holdOff.end();
      slow.end();
      expect((await overtaken).source).to.equal('miss');
      expect((await cache.read({ key }, async () => ({ text }))).text).to.equal('v2');
    });

    it('lets no reader after a write share a load from before it', async () => {
      let text = 'v1';
      const key = unique('thing');
      const slow = new SlowLoad(() => text);
      const overtaken = cache.read({ key }, slow.load);
      await slow.begun;
      const holdOff = await cache.holdOff([key]);
      text = 'v2';
      await holdOff.end();
      expect((await cache.read({ key }, async () => ({ text }))).text).to.equal('v2');
      slow.end();
      await overtaken;
      expect((await cache.read({ key }, async () => ({ text }))).text).to.equal('v2');
    });

    it('keeps a value that was written through', async () => {
      const truth = new Truth('v1');
      const key = unique('thing');
      await cache.read({ key }, truth.load);
      const holdOff = await cache.holdOff([key]);
      await holdOff.end([{ key, text: 'v2' }]);
      expect((await cache.read({ key }, truth.load)).text).to.equal('v2');
      expect(truth.loads).to.equal(1);
    });

    it('keeps no value that was written through beside another write', async () => {
      const truth = new Truth('v3');
      const key = unique('thing');
      const one = await cache.holdOff([key]);
      const other = await cache.holdOff([key]);
      await one.end([{ key, text: 'v1' }]);
      await other.end([{ key, text: 'v2' }]);
      expect((await cache.read({ key }, truth.load)).text).to.equal('v3');
    });

    it('gives invalidations rising numbers', async () => {
      const key = unique('thing');
      const first = await cache.holdOff([key]);
      const ended = await first.end();
      const second = await cache.holdOff([key]);
      expect(ended).to.be.greaterThan(first.number);
      expect(second.number).to.be.greaterThan(ended);
      expect(await cache.latest()).to.be.at.least(second.number);
      await second.end();
    });

    describe('of composed answers', () => {
      const page = (key: string, ...parts: string[]) => ({
        entry: { key, composed: true },
        load: (text: string) => async () => ({ text, resources: parts }),
      });

      it('drops those that show what was changed, and no others', async () => {
        const [a, b] = [unique('a'), unique('b')];
        const one = page(unique('page'), a, b);
        const other = page(unique('page'), b);
        await cache.read(one.entry, one.load('one'));
        await cache.read(other.entry, other.load('other'));
        await (await cache.holdOff([a])).end();
        expect((await cache.read(one.entry, one.load('newer'))).text).to.equal('newer');
        expect((await cache.read(other.entry, other.load('newer'))).text).to.equal('other');
      });

      it('keeps none while a write of what it shows is under way', async () => {
        const a = unique('a');
        const { entry, load } = page(unique('page'), a);
        const holdOff = await cache.holdOff([a]);
        await cache.read(entry, load('v1'));
        expect((await cache.read(entry, load('v2'))).text).to.equal('v2');
        await holdOff.end();
        await cache.read(entry, load('v3'));
        expect((await cache.read(entry, load('v4'))).text).to.equal('v3');
      });

      it('keeps none whose load began before the write ended', async () => {
        const a = unique('a');
        const { entry } = page(unique('page'), a);
        const holdOff = await cache.holdOff([a]);
        const slow = new SlowLoad(() => 'v1');
        const load = async () => ({ text: (await slow.load(entry))?.text ?? '', resources: [a] });
        const overtaken = cache.read(entry, load);
        await slow.begun;
        await holdOff.end();
        slow.end();
        expect((await overtaken).text).to.equal('v1');
        const next = await cache.read(entry, async () => ({ text: 'v2', resources: [a] }));
        expect(next.text).to.equal('v2');
      });
    });
  });
}

let count = 0;

/** Suites share a Redis, and tests a cache. */
export function unique(name: string): string {
  count += 1;
  return `${name}:${process.pid}-${Date.now()}-${count}`;
}
