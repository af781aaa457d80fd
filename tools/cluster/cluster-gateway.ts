import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { projectRoot } from '../project-root.js';
import { eventually } from '../servers/eventually.js';
import { findFreePort } from '../servers/free-port.js';
import { inheritedEnvironment } from '../servers/processes/inherited-environment.js';
import { ServerProcess } from '../servers/processes/server-process.js';

const PROGRAM = path.join(projectRoot, 'dist', 'tools', 'playground', 'sandbox', 'main.js');
const READY_TIMEOUT_MS = 20_000;
const ANSWER_TIMEOUT_MS = 2_000;

export interface GatewayOptions {
  readonly dataFolder: string;
  readonly logFolder: string;
  /** Port of the cluster; it is part of the name of the sandbox's file. */
  readonly port: number;
  /** Whether the gateway that PAYMENT_GATEWAY_URL names is used. */
  readonly mayBeGiven: boolean;
}

/**
 * Returns the settings of the payment gateway: a sandbox of this cluster, unless the environment names
 * one. All instances share it, since one may have to refund what another has authorised. It is a process of
 * its own, like the other servers: a busy test would answer their payments too late.
 */
export async function startGateway(
  { dataFolder, logFolder, port, mayBeGiven }: GatewayOptions,
  opened: AsyncDisposableStack,
): Promise<Record<string, string>> {
  const { PAYMENT_GATEWAY_URL: given, PAYMENT_GATEWAY_KEY: givenKey = '' } = process.env;
  if (given && mayBeGiven) return { PAYMENT_GATEWAY_URL: given, PAYMENT_GATEWAY_KEY: givenKey };
  const key = randomUUID();
  const file = path.join(dataFolder, `cluster-${port}-payments.jsonl`);
  const ownPort = await findFreePort();
  const args = [PROGRAM, '--port', `${ownPort}`, '--file', file, '--key', key];
  const log = path.join(logFolder, 'payment-sandbox.log');
  const sandbox = new ServerProcess(process.execPath, args, log, inheritedEnvironment());
  opened.defer(() => sandbox.stop('SIGTERM'));
  const url = `http://127.0.0.1:${ownPort}`;
  await eventually(() => expectAnswer(url), {
    withinMs: READY_TIMEOUT_MS,
    signal: sandbox.ended,
  });
  return { PAYMENT_GATEWAY_URL: url, PAYMENT_GATEWAY_KEY: key };
}

async function expectAnswer(url: string): Promise<void> {
  const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  const answer = await fetch(`${url}/healthz`, { signal });
  if (!answer.ok) throw new Error(`the payment sandbox answers ${answer.status}`);
}
