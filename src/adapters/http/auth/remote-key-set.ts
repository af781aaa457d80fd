import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { FetchBudget } from './fetch-budget.js';

/** Key sets have some kilobytes. */
const MOST_BYTES = 1024 * 1024;

/** How long one try to renew old keys that failed is followed by none, in milliseconds. */
const RETRY_MS = 30_000;

export interface KeySetSettings {
  /** Longest wait for the provider, in milliseconds. */
  readonly timeoutMs: number;
  /** Keys older than this are renewed where the provider answers, in milliseconds. */
  readonly refreshMs: number;
}

/** The provider's key set cannot be had, which is not the token's fault. */
export class KeySetUnavailableError extends Error {
  override readonly name = 'KeySetUnavailableError';
}

/**
 * The keys that an identity provider publishes (RFC 7517). They are fetched when a token names one
 * that is not known, so a key is taken as soon as it is published, but not more often than
 * `FetchBudget` allows: anyone can name unknown keys. Known keys go on while the provider is away.
 */
export class RemoteKeySet {
  readonly #keys: ReturnType<typeof createRemoteJWKSet>;
  readonly #budget = new FetchBudget();
  /** Of the last fetch; undefined when it succeeded. */
  #failure: KeySetUnavailableError | undefined;
  #renewAt = 0;

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

  /** The key for a token, as jose asks for it; several that may be it are one of jose's errors. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    if (this.#keys.jwks() && Date.now() >= this.#renewAt) await this.renew();
    return this.#keys(header, token);
  };

  /** Answers whether the keys were fetched again; those that are known stay where they were not. */
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
      throw this.#failure ?? new KeySetUnavailableError('the key set is asked for too often');
    }
    try {
      const response = await fetchBounded(url, options);
      this.#failure = undefined;
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
    if (size > MOST_BYTES) throw new Error(`the key set has more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return new Response(Buffer.concat(chunks));
}
