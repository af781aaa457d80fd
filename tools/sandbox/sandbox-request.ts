import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { ChargeRequest } from '../../src/domain/payments/payment-gateway.js';

const MAX_BODY = 16 * 1024;

const Body = z.strictObject({
  reference: z.string().min(1).max(64),
  orderId: z.string().min(1).max(64),
  amount: z.int().min(0),
  token: z.string().min(1).max(255),
});

/** What is wrong with a request, as the sandbox answers it. */
export class SandboxRefusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** @throws SandboxRefusal it is not as it must be; its text never repeats what was sent */
export async function readCharge(request: IncomingMessage): Promise<ChargeRequest> {
  const result = Body.safeParse(await readJson(request));
  if (!result.success) throw new SandboxRefusal(400, 'reference, orderId, amount, token');
  return result.data;
}

/** @throws SandboxRefusal there is none */
export function idempotencyKeyOf(request: IncomingMessage): string {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || key === '') throw new SandboxRefusal(400, 'no Idempotency-Key');
  return key;
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > MAX_BODY) throw new SandboxRefusal(413, 'the body is too large');
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new SandboxRefusal(400, 'the body is no JSON');
  }
}
