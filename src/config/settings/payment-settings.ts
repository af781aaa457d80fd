import { z } from 'zod';
import { baseUrl } from './values/addresses.js';
import { milliseconds, type Values } from './values/values.js';

/** Variables of payments by card. */
export const paymentSettings = {
  PAYMENT_GATEWAY_URL: baseUrl.optional(),
  PAYMENT_GATEWAY_KEY: z.string().optional(),
  PAYMENT_TIMEOUT_MS: milliseconds(2_000),
  PAYMENT_CLAIM_MS: milliseconds(10_000),
  PAYMENT_ABANDON_AFTER_MS: milliseconds(30_000),
  PAYMENT_SWEEP_MS: milliseconds(1_000),
};

/** What is wrong with these variables together; undefined when nothing is. */
export function paymentProblem(values: Values<typeof paymentSettings>): string | undefined {
  if (!values.PAYMENT_GATEWAY_URL !== !values.PAYMENT_GATEWAY_KEY) {
    return 'PAYMENT_GATEWAY_URL, PAYMENT_GATEWAY_KEY: set both or none';
  }
  if (values.PAYMENT_CLAIM_MS > 4 * values.PAYMENT_TIMEOUT_MS) return undefined;
  return 'PAYMENT_CLAIM_MS: must be more than four times PAYMENT_TIMEOUT_MS';
}
