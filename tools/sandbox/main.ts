/** `npm run sandbox`: a payment gateway to try card payments with; `--help` says more. */
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { makePrivateFolder } from '../../src/config/private-files.js';
import { projectRoot } from '../project-root.js';
import { LATE_MS, PaymentSandbox } from './payment-sandbox.js';

const HELP = `npm run sandbox [-- --port N] [--file PATH] [--key SECRET] [--late-ms N]

A payment gateway without a bank. Run the service with
PAYMENT_GATEWAY_URL=http://127.0.0.1:4000 PAYMENT_GATEWAY_KEY=sandbox npm start

Tokens
  tok_success       is authorised
  tok_declined      is declined, as is every token not named here
  tok_insufficient  is declined for want of money
  tok_timeout       is authorised, and its request never answered
  tok_late          is authorised, and its first request answered after --late-ms (5000)
  tok_twice         arrives twice and is answered twice, and is one charge

Requests, all but the first with Authorization: Bearer SECRET (--key, "sandbox")
  GET  /healthz                       whether it is there
  POST /charges                       authorises {reference, orderId, amount, token}
  GET  /charges/{reference}           what has become of the charge; 404 when there is none
  POST /charges/{reference}/capture   takes what was authorised
  POST /charges/{reference}/void      lets go of it, or closes a reference that was never used
  POST /charges/{reference}/refund    gives back what was captured
  GET  /ledger                        sums by order: authorised, captured, refunded, voided
A POST carries an Idempotency-Key; the same key is the same charge. The ledger is kept in --file
(data/payment-sandbox.jsonl) and outlives the sandbox.`;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean' },
    port: { type: 'string', default: '4000' },
    file: { type: 'string', default: path.join(projectRoot, 'data', 'payment-sandbox.jsonl') },
    key: { type: 'string', default: 'sandbox' },
    'late-ms': { type: 'string', default: `${LATE_MS}` },
  },
});
if (values.help) console.log(HELP);
else await run().catch((error: Error) => fail(error.message));

async function run(): Promise<void> {
  const { file, key } = values;
  makePrivateFolder(path.dirname(path.resolve(file)));
  const [port, lateMs] = [Number(values.port), Number(values['late-ms'])];
  const untilLate = (signal: AbortSignal) => pause(lateMs, undefined, { signal });
  const sandbox = await PaymentSandbox.start({ file, key, port, untilLate });
  console.log(`payment sandbox listens on ${sandbox.url}, its ledger is ${file}`);
  const stop = () => void sandbox[Symbol.asyncDispose]();
  process.once('SIGINT', stop).once('SIGTERM', stop);
}

function fail(reason: string): void {
  console.error(`sandbox: ${reason}`);
  process.exitCode = 1;
}
