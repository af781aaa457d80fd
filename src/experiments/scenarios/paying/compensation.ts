import { setTimeout as pause } from 'node:timers/promises';
import { DomainError } from '../../../domain/errors.js';
import type { OrderState } from '../../../domain/orders/order.js';
import { CardPayment } from '../../../domain/payments/card-payment.js';
import {
  anywhere,
  type Backend,
  type ExperimentOptions,
  type PaymentExperiment,
} from '../../experiment.js';
import { chargeThenPay, chargeThenPayOrRefund } from '../../naive/charge-then-pay.js';
import { CardPaymentRun, CUSTOMER } from '../../support/paying/card-payment-run.js';
import { TimelineGateway } from '../../support/paying/timeline-gateway.js';
import type { MoneyOutcome, RunReport } from '../../support/run-report.js';

const TOKEN = 'tok_success';
/** Longest time until another process settles the payment of the killed process. */
const LONGEST_RECOVERY_MS = 10_000;

/**
 * An order is paid by card, and its customer cancels it between the two steps. The card is charged,
 * and the order can no longer be paid. There is no transaction over bank and database, so another
 * call must undo the first step.
 *
 * A call in a `catch` needs a process that is alive. The service stores the payment before the
 * first call to the bank, so any process can ask the bank later, and undo the charge.
 */
export const compensation: PaymentExperiment = {
  id: 'compensation',
  title: 'A payment whose second step fails',
  question: 'The card is charged and the order is cancelled. Who refunds the money?',
  ...anywhere(async (backend, options) => [
    await inOneRun(backend, 'no compensation', withoutCompensation, options),
    await inOneRun(
      backend,
      'refund in a catch, and the process dies before it',
      withCatch,
      options,
    ),
    await inOneRun(backend, 'stored saga, and the process dies (the service)', withSaga, options),
  ]),
};

type Way = (run: CardPaymentRun, order: OrderState) => Promise<void>;

async function inOneRun(
  backend: Backend,
  variant: string,
  way: Way,
  options?: ExperimentOptions,
): Promise<RunReport<MoneyOutcome>> {
  await using run = await CardPaymentRun.open(backend, options);
  const order = await run.placeOrder();
  await way(run, order);
  return await run.report(variant, order.id);
}

const withoutCompensation: Way = async (run, order) => {
  const note = run.timeline.noteFor('payment');
  const gateway = new TimelineGateway(run.bank, note);
  const between = () => run.cancel(order.id);
  const { unitOfWork } = run;
  const refusal = await chargeThenPay({ gateway, unitOfWork, between }, order, TOKEN).catch(
    (error: unknown) => error,
  );
  if (!(refusal instanceof DomainError)) throw refusal ?? new Error('a cancelled order was paid');
  note('refused', refusal.message);
};

const withCatch: Way = async (run, order) => {
  const note = run.timeline.noteFor('payment');
  const gateway = new TimelineGateway(run.bank, note, { before: 'refund' });
  const between = () => run.cancel(order.id);
  const { unitOfWork } = run;
  const paying = chargeThenPayOrRefund({ gateway, unitOfWork, between }, order, TOKEN);
  await Promise.race([gateway.killed, paying]);
};

const withSaga: Way = async (run, order) => {
  const gateway = new TimelineGateway(run.bank, run.timeline.noteFor('payment'), {
    after: 'authorise',
  });
  const first = run.saga(gateway);
  const { id } = await first.start.execute({ userId: CUSTOMER, orderId: order.id }, {});
  const stored = async () => CardPayment.restore(await run.payments.get(id));
  const paying = first.settle.start(await stored(), TOKEN);
  await Promise.race([gateway.killed, paying]);
  await run.cancel(order.id);

  const { settle } = run.saga(new TimelineGateway(run.bank, run.timeline.noteFor('recovery')));
  const deadline = performance.now() + LONGEST_RECOVERY_MS;
  while (!(await stored()).isSettled) {
    if (performance.now() > deadline) throw new Error('the payment is never settled');
    // Nothing happens until the claim of the killed process expires.
    await settle.resume((await stored()).state);
    await pause(10);
  }
};
