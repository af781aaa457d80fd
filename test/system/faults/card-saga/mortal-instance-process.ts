/**
 * The service with doubles around the port of the gateway and around transactions. They kill the
 * process by SIGKILL at one point of card payments, so nothing can be cleaned up.
 */
import { HttpPaymentGateway } from '../../../../src/adapters/payment/http-payment-gateway.js';
import { SqlTransactions } from '../../../../src/adapters/persistence/sql/sql-transactions.js';
import type { OpenTransaction } from '../../../../src/domain/ports/transaction-port.js';
import { CRASH_AT, CRASH_TIME } from './crash-point.js';

const at = process.env[CRASH_AT] ?? '';
let timesLeft = Number(process.env[CRASH_TIME] ?? 1);

for (const call of ['authorise', 'find', 'capture', 'void', 'refund'] as const) {
  const real = HttpPaymentGateway.prototype[call] as (asked: never) => Promise<never>;
  HttpPaymentGateway.prototype[call] = async function (this: HttpPaymentGateway, asked: never) {
    await pass(`before ${call}`);
    const answer = await real.call(this, asked);
    await pass(`after ${call}`);
    return answer;
  };
}

const begin = SqlTransactions.prototype.begin;
SqlTransactions.prototype.begin = async function (rowKeys) {
  return mortal(await begin.call(this, rowKeys));
};

await import('../../../../src/main.js');

/** Finds out to which status of a card payment the commit leads, if it changes one. */
function mortal(tx: OpenTransaction): OpenTransaction {
  const { cardPayments } = tx;
  const { get, save } = cardPayments;
  let before: string | undefined;
  let after: string | undefined;
  cardPayments.get = async (id) => {
    const payment = await get.call(cardPayments, id);
    before = payment.state.status;
    return payment;
  };
  cardPayments.save = async (payment) => {
    const { status } = payment.state;
    if (status !== before) after = status;
    return save.call(cardPayments, payment);
  };
  const commit = async () => {
    if (after) await pass(`before ${after}`);
    await tx.commit();
    if (after) await pass(`after ${after}`);
  };
  return { ...tx, commit };
}

async function pass(point: string): Promise<void> {
  if (point !== at || --timesLeft > 0) return;
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => {});
}
