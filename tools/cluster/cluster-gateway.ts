import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { PaymentSandbox } from '../sandbox/payment-sandbox.js';

export interface GatewayOptions {
  readonly dataFolder: string;
  /** Of the cluster, which names the ledger. */
  readonly port: number;
  /** Whether the gateway that PAYMENT_GATEWAY_URL names is used. */
  readonly mayBeGiven: boolean;
}

/**
 * What tells the instances of their payment gateway: a sandbox of this cluster unless one is given.
 * It is one for all of them, since what one authorises another may have to refund.
 */
export async function startGateway(
  { dataFolder, port, mayBeGiven }: GatewayOptions,
  opened: AsyncDisposableStack,
): Promise<Record<string, string>> {
  const { PAYMENT_GATEWAY_URL: given, PAYMENT_GATEWAY_KEY: givenKey = '' } = process.env;
  if (given && mayBeGiven) return { PAYMENT_GATEWAY_URL: given, PAYMENT_GATEWAY_KEY: givenKey };
  const key = randomUUID();
  const file = path.join(dataFolder, `cluster-${port}-payments.jsonl`);
  const sandbox = opened.use(await PaymentSandbox.start({ file, key }));
  return { PAYMENT_GATEWAY_URL: sandbox.url, PAYMENT_GATEWAY_KEY: key };
}
