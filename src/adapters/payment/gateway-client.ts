import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Charge, ChargeRequest } from '../../domain/payments/payment-gateway.js';

const Answer = z.object({
  status: z.enum(['authorised', 'declined', 'captured', 'voided', 'refunded']),
});

interface Options {
  readonly url: string;
  readonly key: string;
  readonly timeoutMs: number;
}

/** One request and its answer. Its errors tell the status and never what was sent. */
export class GatewayClient {
  constructor(private readonly options: Options) {}

  async post(path: string, idempotencyKey: string, body?: ChargeRequest): Promise<Charge> {
    const response = await this.send(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': idempotencyKey },
      ...(body && { body: JSON.stringify(body) }),
    });
    return chargeOf(response);
  }

  /** Undefined when the gateway knows of none. */
  async find(path: string): Promise<Charge | undefined> {
    const response = await this.send(path, { method: 'GET' });
    if (response.status !== 404) return chargeOf(response);
    await response.body?.cancel();
    return undefined;
  }

  private async send(path: string, request: RequestInit): Promise<Response> {
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
    // An answer that was sent twice must not pass for the one to the next request.
    // @plant gateway-request-id
    if (response.headers.get('request-id') === id) return response;
    // @end gateway-request-id
    await response.body?.cancel();
    throw new Error('the gateway answered another request');
  }
}

/** The gateway answered with something else than a charge. */
export class GatewayResponseError extends Error {
  override readonly name = 'GatewayResponseError';

  constructor(
    /** HTTP status. */
    readonly status: number,
  ) {
    super(`the gateway answered ${status}`);
  }
}

async function chargeOf(response: Response): Promise<Charge> {
  const text = await response.text();
  if (!response.ok) throw new GatewayResponseError(response.status);
  return Answer.parse(JSON.parse(text));
}
