import type { ReadVersion } from '../application/staleness/staleness-watch.js';

const WAIT_TIMEOUT_MS = 5_000;
const MOST_PRODUCTS = 100;

interface Versioned {
  readonly id: string;
  readonly version: number;
}

/** Reads the version of a product through the instance at this address. */
export function versionReader(url: string): ReadVersion {
  return async (id) => {
    try {
      const response = await get(new URL(`/v1/products/${id}`, url));
      return response.ok ? ((await response.json()) as Versioned).version : undefined;
    } catch {
      // An instance that is down gives no answer, so it gives no stale answer.
      return undefined;
    }
  };
}

/** The ids of the first 100 products. */
export async function listProducts(url: string): Promise<string[]> {
  const response = await get(new URL(`/v1/products?limit=${MOST_PRODUCTS}`, url));
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  const { items } = (await response.json()) as { readonly items: readonly Versioned[] };
  return items.map(({ id }) => id);
}

function get(url: URL): Promise<Response> {
  return fetch(url, { signal: AbortSignal.timeout(WAIT_TIMEOUT_MS) });
}
