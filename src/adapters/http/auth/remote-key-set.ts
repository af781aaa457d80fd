import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { FetchBudget } from './fetch-budget.js';

/** Usual key sets have a few kilobytes. */
const MAX_BYTES = 1024 * 1024;

/** Time until the next try after a failed renewal of old keys, in milliseconds. */
const RETRY_MS = 30_000;

export interface KeySetSettings {
  /** Timeout of a request to the provider, in milliseconds. */
  readonly timeoutMs: number;
  /** Age at which known keys are renewed, in milliseconds. */
  readonly refreshMs: number;
}

/** The provider's key set cannot be fetched; the token may be valid. */
export class KeySetUnavailableError extends Error {
  override readonly name = 'KeySetUnavailableError';
}

/**
 * The keys that an identity provider publishes (RFC 7517). A token that names an unknown key causes
 * a fetch, so a new key works as soon as it is published. `FetchBudget` limits the fetches, because
 * any client can name unknown keys. Known keys stay valid while the provider is down.
 */
export class RemoteKeySet {
  readonly #keys: ReturnType<typeof createRemoteJWKSet>;
  readonly #budget = new FetchBudget();
  /** Failure of the last fetch; undefined after a success. */
  #failure: KeySetUnavailableError | undefined;
  #renewAt = 0;
  #fetched = 0;

  constructor(
    url: URL,
    private readonly settings: KeySetSettings,
  ) {
    this.#keys = createRemoteJWKSet(url, {
      timeoutDuration: settings.timeoutMs,
      cooldownDuration: 0,
      cacheMaxAge: Number.POSITIVE_INFINITY,
      [customFetch]: this.#fetch,
    });
  }

  /** Rises with each fetch; undefined during a fetch, and while one is due. */
  get version(): number | undefined {
    const isCurrent = !this.#keys.reloading && Date.now() < this.#renewAt;
    return isCurrent ? this.#fetched : undefined;
  }

  /** Finds the key of a token for jose. jose throws when several keys match. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    if (this.#keys.jwks() && Date.now() >= this.#renewAt) await this.renew();
    return this.#keys(header, token);
  };

  /** Fetches the keys again. Returns false when that fails; then the known keys stay. */
  async renew(): Promise<boolean> {
    this.#renewAt = Date.now() + RETRY_MS;
    return this.#keys.reload().then(
      () => true,
      () => false,
    );
  }

  #fetch = async (url: string, options: RequestInit): Promise<Response> => {
    if (!this.#budget.spend()) {
      if (this.#keys.jwks() && !this.#failure) throw new errors.JWKSNoMatchingKey();
      throw this.#failure ?? new KeySetUnavailableError('the key set was fetched too often');
    }
    try {
      const response = await fetchBounded(url, options);
      this.#failure = undefined;
      this.#fetched += 1;
      this.#renewAt = Date.now() + this.settings.refreshMs;
      return response;
    } catch (cause) {
      this.#failure = new KeySetUnavailableError('the key set cannot be fetched', { cause });
      throw this.#failure;
    }
  };
}

async function fetchBounded(url: string, options: RequestInit): Promise<Response> {
  const response = await fetch(url, options);
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`the provider answers ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw new Error(`the key set has more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return new Response(Buffer.concat(chunks));
}
