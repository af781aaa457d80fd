import path from 'node:path';
import type { OrderSums } from '../../src/adapters/payment/sandbox/charge-ledger.js';
import {
  PaymentSandbox,
  type SandboxOptions,
} from '../../tools/playground/sandbox/payment-sandbox.js';
import { TemporaryFolder } from '../../tools/servers/temporary-folder.js';
import type { Env } from './backends.js';

const KEY = 'test-key';

/** Long timeouts, so that an answer is awaited on a slow machine too. */
const PATIENT: Env = {
  PAYMENT_TIMEOUT_MS: '30000',
  PAYMENT_CLAIM_MS: '130000',
  PAYMENT_SWEEP_MS: '50',
};

/** Short timeouts, for tests without an answer. */
export const HURRIED: Env = {
  PAYMENT_TIMEOUT_MS: '300',
  PAYMENT_CLAIM_MS: '2000',
  PAYMENT_ABANDON_AFTER_MS: '1000',
};

/** A sandbox on a free port, with its ledger in a separate folder. */
export async function startSandbox(options: Partial<SandboxOptions> = {}) {
  const folder = new TemporaryFolder('sandbox');
  const file = path.join(folder.path, 'ledger.jsonl');
  const sandbox = await PaymentSandbox.start({ file, key: KEY, ...options });
  return {
    url: sandbox.url,
    key: KEY,
    file,
    env: { ...PATIENT, PAYMENT_GATEWAY_URL: sandbox.url, PAYMENT_GATEWAY_KEY: KEY },
    sums: (orderId: string): OrderSums | undefined =>
      sandbox.book.orders().find((sums) => sums.orderId === orderId),
    orders: () => sandbox.book.orders(),
    [Symbol.asyncDispose]: async () => {
      await sandbox[Symbol.asyncDispose]();
      await folder.close();
    },
  };
}
