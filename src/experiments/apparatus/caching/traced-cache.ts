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

/** Another cache, with what one instance does with it written down. */
export class TracedCache extends CachePort {
  /** What happens right before other instances are told. */
  beforeTelling: () => Promise<void> = async () => {};

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
    await this.beforeTelling();
    const intent = await this.inner.beginWrite(resources);
    // The naive caches do nothing before the commit, and have no number to show for it.
    if (intent.number > 0) this.note('held off');
    return {
      number: intent.number,
      assertValid: () => intent.assertValid(),
      end: async (entries) => {
        await this.beforeTelling();
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
