import type { Role } from '../../src/adapters/http/auth/caller.js';
import { createLockstepClient, type LockstepClient } from '../../src/client/lockstep-client.js';
import { readSettings } from '../../src/config/settings/settings.js';
import { signToken } from '../../src/config/settings/tokens/sign-token.js';
import type { Env } from './backends.js';
import { sendsSecret } from './log-level.js';

/** The longest wait for a whole answer. Without it, a request that is never answered would hide until a test ends. */
const ANSWER_TIMEOUT_MS = 60_000;

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
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    const response = await this.#fetch(method, path, body, headers, signal);
    return answerOf(response, method);
  }

  /** Sends a GET and returns the response before its body is read. */
  open(path: string, headers: Record<string, string>): Promise<Response> {
    return this.#fetch('GET', path, undefined, headers);
  }

  #fetch(
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<Response> {
    sendsSecret(headers['Idempotency-Key']);
    return fetch(new URL(path, this.url), {
      method,
      ...(signal && { signal }),
      headers: {
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  }
}

/** Reads the body: JSON when the response says so, else text. */
export async function answerOf(response: Response, method = 'GET'): Promise<ApiResponse> {
  const text = await response.text();
  const isJson = method !== 'HEAD' && response.headers.get('content-type')?.includes('json');
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? JSON.parse(text) : text,
  };
}
