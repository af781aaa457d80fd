import type { CacheScripts } from '../protocol/cache-scripts.js';
import type { RedisCacheSettings } from '../redis-cache-settings.js';

/** Renewals in each life of a fill lease. */
const RENEWALS = 4;

/**
 * Renews a fill lease until it is disposed, for `fillMs` at most. So a lease can be short: it ends soon after its
 * instance crashed, and lasts while a slow load goes on.
 */
export class FillRenewal implements Disposable {
  readonly #timer: NodeJS.Timeout;

  constructor(
    scripts: CacheScripts,
    { fillLeaseMs, fillMs }: Pick<RedisCacheSettings, 'fillLeaseMs' | 'fillMs'>,
    key: string,
    id: string,
  ) {
    const end = performance.now() + fillMs - fillLeaseMs;
    // Without a reply the next one tries again.
    const renew = () => scripts.renewFill(key, id).catch(() => true);
    this.#timer = setInterval(async () => {
      // @plant fill-not-renewed
      if (performance.now() > end) return clearInterval(this.#timer);
      if (!(await renew())) clearInterval(this.#timer);
    }, fillLeaseMs / RENEWALS);
    this.#timer.unref();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
