import type { IncomingHttpHeaders } from 'node:http';
import { Pool, request } from 'undici';
import type { Role } from '../../src/adapters/http/auth/caller.js';
import { createLockstepClient, type LockstepClient } from '../../src/client/lockstep-client.js';
import { readSettings } from '../../src/config/settings/settings.js';
import { signToken } from '../../src/config/settings/tokens/sign-token.js';
import type { Env } from './backends.js';
import { sendsSecret } from './log-level.js';

/** The longest wait for the next part of an answer. A request that is never answered would hide until a test ends. */
const ANSWER_TIMEOUT_MS = 60_000;
const TIMEOUTS = { headersTimeout: ANSWER_TIMEOUT_MS, bodyTimeout: ANSWER_TIMEOUT_MS };

/**
 * The connections to each server. An `Agent` counts all of them whenever one is closed: with a thousand, as after
 * a pause of nginx under load, that stops this process for two seconds.
 */
const POOLS = new Map<string, Pool>();

function poolOf({ origin }: URL): Pool {
  const pool = POOLS.get(origin) ?? new Pool(origin, TIMEOUTS);
  POOLS.set(origin, pool);
  return pool;
}

export interface ApiResponse {
  readonly status: number;
  readonly headers: Headers;
  // Tests read any body; other tests compare it with the OpenAPI document.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly body: any;
}

/**
 * One user of one instance. Usual requests go through `api`; the methods send what the typed client
 * cannot: wrong paths, bodies and headers.
 */
export class ApiClient {
  readonly api: LockstepClient;

  constructor(
    readonly url: string,
    readonly token?: string,
  ) {
    this.api = createLockstepClient({ baseUrl: url, token });
  }

  static async of(url: string, env: Env, user: string, role: Role = 'customer') {
    return new ApiClient(url, await signToken(readSettings({ ...env }), user, role));
  }

  get(path: string, headers: Record<string, string> = {}): Promise<ApiResponse> {
    return this.send('GET', path, undefined, headers);
  }

  post(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<ApiResponse> {
    return this.send('POST', path, body, headers);
  }

  patch(path: string, body: unknown, headers: Record<string, string> = {}): Promise<ApiResponse> {
    return this.send('PATCH', path, body, headers);
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ApiResponse> {
    // `fetch` takes more processor time, which the servers of a test on one machine need.
    const url = new URL(path, this.url);
    const options = this.#options(method, body, headers);
    const response = await request(url, { ...options, dispatcher: poolOf(url) });
    const { statusCode: status, body: stream } = response;
    const text = () => stream.text();
    return answerOf({ status, headers: headersOf(response.headers), text }, method);
  }

  /** Sends a GET and returns the response before its body is read. */
  open(path: string, headers: Record<string, string>): Promise<Response> {
    return fetch(new URL(path, this.url), this.#options('GET', undefined, headers));
  }

  #options(method: string, body: unknown, headers: Record<string, string>) {
    sendsSecret(headers['Idempotency-Key']);
    return {
      method,
      headers: {
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    };
  }
}

/** Reads the body: JSON when the response says so, else text. */
export async function answerOf(
  response: Pick<Response, 'status' | 'headers' | 'text'>,
  method = 'GET',
): Promise<ApiResponse> {
  const text = await response.text();
  const isJson = method !== 'HEAD' && response.headers.get('content-type')?.includes('json');
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? JSON.parse(text) : text,
  };
}

function headersOf(received: IncomingHttpHeaders): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(received)) {
    for (const value of [values ?? []].flat()) headers.append(name, value);
  }
  return headers;
}
