import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './api-types.js';

/** The bodies of requests and responses by their names in the OpenAPI document, as in `Order`. */
export type LockstepSchemas = components['schemas'];

/**
 * A client with a method for each HTTP method: `client.GET('/v1/products/{id}', { params })`. Each
 * returns `data` for a 2xx response, `error` (a problem, RFC 9457) for any other, and `response`.
 * It throws only when no response arrives.
 */
export type LockstepClient = Client<paths>;

export interface LockstepClientOptions {
  /** Address of the service, such as `http://127.0.0.1:3000`. */
  readonly baseUrl: string;
  /** JSON Web Token of the user; without it only public routes answer. */
  readonly token?: string | undefined;
}

/** Creates a client of the service whose paths, parameters, headers and bodies are typed. */
export function createLockstepClient({ baseUrl, token }: LockstepClientOptions): LockstepClient {
  return createClient<paths>({
    baseUrl,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
}
