import {
  type Cached,
  type CacheEntry,
  CachePort,
  type Load,
  type WriteIntent,
} from '../../../domain/ports/cache-port.js';
import type { Spans } from './spans.js';

const READ = 'read cache';
/** Where an answer came from: `l1`, `l2`, or the database (`stored`, `miss`, `bypass`). */
const SOURCE = 'lockstep.cache.source';

/** Records each read, with the level that answered it, and each write intent. */
export class TracedCache extends CachePort {
  constructor(
    private readonly inner: CachePort,
    private readonly spans: Spans,
  ) {
    super();
  }

  override read(entry: CacheEntry, load: Load): Cached | Promise<Cached> {
    if (this.spans.current.length === 0) return this.inner.read(entry, load);
    const span = this.spans.start(READ);
    const cached = this.spans.run(span.contexts, () => this.inner.read(entry, load));
    const withSource = (found: Cached) => {
      span.set({ [SOURCE]: found.source });
      return found;
    };
    if (cached instanceof Promise) return span.endWith(() => cached.then(withSource));
    withSource(cached);
    span.end();
    return cached;
  }

  override readLocal(entry: CacheEntry): Cached | undefined {
    const cached = this.inner.readLocal(entry);
    if (cached) this.spans.start(READ, { attributes: { [SOURCE]: cached.source } }).end();
    return cached;
  }

  override mayExist(number: number): Promise<boolean> {
    return this.inner.mayExist(number);
  }

  override async beginWrite(resources: readonly string[]): Promise<WriteIntent> {
    const begin = () => this.inner.beginWrite(resources);
    const intent = await this.spans.within('begin write intent', {}, begin);
    return {
      number: intent.number,
      assertValid: () => intent.assertValid(),
      end: (entries) => this.spans.within('end write intent', {}, () => intent.end(entries)),
    };
  }

  override latest(): Promise<number> {
    return this.inner.latest();
  }
}
