import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { PaymentSandbox } from '../playground/sandbox/payment-sandbox.js';

export interface GatewayOptions {
  readonly dataFolder: string;
  /** Port of the cluster; it is part of the name of the sandbox's file. */
  readonly port: number;
  /** Whether the gateway that PAYMENT_GATEWAY_URL names is used. */
  readonly mayBeGiven: boolean;
}

/**
 * Returns the settings of the payment gateway: a sandbox of this cluster, unless the environment names
 * one. All instances share it, since one may have to refund what another has authorised.
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
