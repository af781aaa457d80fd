import {
  type Cached,
  type CacheEntry,
  CachePort,
  type CacheSource,
  type Load,
  type WriteIntent,
} from '../../../domain/ports/cache-port.js';
import type { Note, Step } from '../timeline.js';

const STEPS: Readonly<Record<CacheSource, Step>> = {
  l1: 'hit l1',
  l2: 'hit l2',
  stored: 'filled',
  miss: 'fill refused',
  bypass: 'not kept',
};

/** Wraps a cache and records the steps of one instance. */
export class TimelineCache extends CachePort {
  /** Runs right before an invalidation is published. */
  beforePublish: () => Promise<void> = async () => {};

  constructor(
    private readonly inner: CachePort,
    private readonly note: Note,
  ) {
    super();
  }

  override async read(entry: CacheEntry, load: Load): Promise<Cached> {
    const cached = await this.inner.read(entry, (asked) => {
      this.note('missed');
      return load(asked);
    });
    this.note(STEPS[cached.source]);
    return cached;
  }

  override async beginWrite(resources: readonly string[]): Promise<WriteIntent> {
    await this.beforePublish();
    const intent = await this.inner.beginWrite(resources);
    // The naive caches do nothing before the commit, so they have no number.
    if (intent.number > 0) this.note('intent set');
    return {
      number: intent.number,
      assertValid: () => intent.assertValid(),
      end: async (entries) => {
        await this.beforePublish();
        const number = await intent.end(entries);
        this.note('evicted');
        return number;
      },
    };
  }

  override latest(): Promise<number> {
    return this.inner.latest();
  }
}
