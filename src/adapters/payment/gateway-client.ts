import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Charge, ChargeRequest } from '../../domain/payments/payment-gateway.js';

const ChargeResponse = z.object({
  status: z.enum(['authorised', 'declined', 'captured', 'voided', 'refunded']),
});

interface Options {
  readonly url: string;
  readonly key: string;
  readonly timeoutMs: number;
}

/** Sends requests to the gateway. Its errors contain the status, and never what was sent. */
export class GatewayClient {
  constructor(private readonly options: Options) {}

  async post(path: string, idempotencyKey: string, body?: ChargeRequest): Promise<Charge> {
    const response = await this.#send(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': idempotencyKey },
      ...(body && { body: JSON.stringify(body) }),
    });
    return chargeOf(response);
  }

  /** Returns undefined when the gateway does not know the charge. */
  async find(path: string): Promise<Charge | undefined> {
    const response = await this.#send(path, { method: 'GET' });
    if (response.status !== 404) return chargeOf(response);
    await response.body?.cancel();
    return undefined;
  }

  async #send(path: string, request: RequestInit): Promise<Response> {
    const { url, key, timeoutMs } = this.options;
    const id = randomUUID();
    const headers = { ...request.headers, Authorization: `Bearer ${key}`, 'Request-Id': id };
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(`${url.replace(/\/$/, '')}${path}`, {
      ...request,
      headers,
      signal,
      redirect: 'error',
    });
    // A response that was sent twice must not be taken for the response of the next request.
    // @plant gateway-request-id
    if (response.headers.get('request-id') === id) return response;
    // @end gateway-request-id
    await response.body?.cancel();
    throw new Error('the response belongs to another request');
  }
}

/** The gateway responded with an error status. */
export class GatewayResponseError extends Error {
  override readonly name = 'GatewayResponseError';

  constructor(
    /** HTTP status. */
    readonly status: number,
  ) {
    super(`the gateway responded with status ${status}`);
  }
}

async function chargeOf(response: Response): Promise<Charge> {
  const text = await response.text();
  if (!response.ok) throw new GatewayResponseError(response.status);
  return ChargeResponse.parse(JSON.parse(text));
}
