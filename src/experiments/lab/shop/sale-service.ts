import type { Role } from '../../../adapters/http/auth/caller.js';

/** The service, and what its clients need to call it. */
export interface SaleService {
  /** Address to which the buyers send; in a cluster that of the proxy. */
  url(): string;
  token(userId: string, role: Role): Promise<string>;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/**
 * The answer of the service, its body parsed.
 * @throws Error it is no success, and has not the status `refusal`
 */
export async function answerOf(request: Promise<Response>, refusal?: number): Promise<Answer> {
  const response = await request;
  const { status, headers } = response;
  const text = await response.text();
  if (response.ok) return { status, headers, body: JSON.parse(text) };
  if (status === refusal) return { status, headers, body: undefined };
  throw new Error(`${new URL(response.url).pathname} answered ${status}`);
}
