/** `npm run sandbox`: a payment gateway to try card payments with; `--help` says more. */
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type CommandLine,
  type CommandUsage,
  UsageError,
} from '../../../src/commands/command-line.js';
import { onStopSignal } from '../../../src/commands/on-stop-signal.js';
import { runCommand } from '../../../src/commands/run-command.js';
import { makePrivateFolder } from '../../../src/config/settings/files/private-files.js';
import { projectRoot } from '../../project-root.js';
import { LATE_MS, PaymentSandbox } from './payment-sandbox.js';

const USAGE = {
  command: 'npm run sandbox',
  synopsis: '[--port N] [--file PATH] [--key SECRET] [--late-ms N]',
  does: `A payment gateway without a bank. Run the service with
PAYMENT_GATEWAY_URL=http://127.0.0.1:4000 PAYMENT_GATEWAY_KEY=sandbox npm start

Tokens
  tok_success       is authorised
  tok_declined      is declined, as is every token not named here
  tok_insufficient  is declined: not enough money
  tok_timeout       is authorised, and its response never comes
  tok_late          is authorised; the first response comes after --late-ms
  tok_twice         arrives twice and gets two responses, and is one charge

Requests, all but the first with Authorization: Bearer SECRET (--key)
  GET  /healthz                       whether the sandbox runs
  POST /charges                       authorises {reference, orderId, amount, token}
  GET  /charges/{reference}           the charge; 404 when it does not exist
  POST /charges/{reference}/capture   captures the authorised amount
  POST /charges/{reference}/void      voids the charge, or closes an unused reference
  POST /charges/{reference}/refund    refunds the captured amount
  GET  /ledger                        sums by order: authorised, captured, refunded, voided
A POST carries an Idempotency-Key; the same key is the same charge. The ledger is stored in --file
and is read again at the next start.`,
  options: {
    port: {
      type: 'string',
      value: 'N',
      default: '4000',
      says: 'port to listen on; 0: a free port',
    },
    file: {
      type: 'string',
      value: 'PATH',
      default: path.join('data', 'payment-sandbox.jsonl'),
      says: 'its ledger, relative to the folder of the project',
    },
    key: {
      type: 'string',
      value: 'SECRET',
      default: 'sandbox',
      says: 'the secret that clients must send',
    },
    'late-ms': { type: 'string', value: 'N', default: `${LATE_MS}`, says: 'how late tok_late is' },
  },
  examples: ['', '--port 4001 --late-ms 1000'],
} as const satisfies CommandUsage;

await runCommand(USAGE, async ({ values }) => {
  await run(values).catch((error: Error) => {
    if (error instanceof UsageError) throw error;
    fail(error.message);
  });
});

async function run(values: CommandLine<typeof USAGE.options>['values']): Promise<void> {
  const file = path.resolve(projectRoot, values.file);
  const { key } = values;
  const [port, lateMs] = [Number(values.port), Number(values['late-ms'])];
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError('--port N: a port');
  if (!(lateMs >= 0)) throw new UsageError('--late-ms N: milliseconds');
  makePrivateFolder(path.dirname(file));
  const untilLate = (signal: AbortSignal) => pause(lateMs, undefined, { signal });
  const sandbox = await PaymentSandbox.start({ file, key, port, untilLate });
  console.log(`payment sandbox listens on ${sandbox.url}, its ledger is ${file}`);
  onStopSignal(['SIGINT', 'SIGTERM'], () => void sandbox[Symbol.asyncDispose]());
}

function fail(reason: string): void {
  console.error(`sandbox: ${reason}`);
  process.exitCode = 1;
}
