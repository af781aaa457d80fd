import { setTimeout as pause } from 'node:timers/promises';
import { DomainError } from '../../../domain/errors.js';
import type { OrderState } from '../../../domain/orders/order.js';
import { CardPayment } from '../../../domain/payments/card-payment.js';
import { CardTrial, CUSTOMER } from '../../apparatus/paying/card-trial.js';
import { TracedGateway } from '../../apparatus/paying/traced-gateway.js';
import type { MoneyOutcome, TrialReport } from '../../apparatus/trial-report.js';
import type { PaymentExperiment, Servers } from '../../experiment.js';
import { chargeThenPay, chargeThenPayOrRefund } from '../../naive/charge-then-pay.js';

const TOKEN = 'tok_success';
/** Until another process has settled what the first one left. */
const LONGEST_RECOVERY_MS = 10_000;

/**
 * An order is paid by card, and its customer cancels it between the two steps: the card is charged,
 * and the order can no longer be paid. No transaction spans bank and database, so the first step has
 * to be undone by another call.
 *
 * A call in a `catch` is made only by a process that lives. The service stores what it is about to do
 * before the bank hears of it, so that any process can ask the bank later, and undo it.
 */
export const compensation: PaymentExperiment = {
  id: 'compensation',
  title: 'A payment whose second step fails',
  question: 'The card is charged and the order is cancelled. Who gives the money back?',
  run: async (servers) => [
    await inTrial(servers, 'no compensation', withoutCompensation),
    await inTrial(servers, 'refund in a catch, and the process dies before it', withCatch),
    await inTrial(servers, 'stored saga, and the process dies (the service)', withSaga),
  ],
};

type Way = (trial: CardTrial, order: OrderState) => Promise<void>;

async function inTrial(
  servers: Servers,
  variant: string,
  way: Way,
): Promise<TrialReport<MoneyOutcome>> {
  await using trial = await CardTrial.open(servers);
  const order = await trial.placeOrder();
  await way(trial, order);
  return await trial.report(variant, order.id);
}

const withoutCompensation: Way = async (trial, order) => {
  const note = trial.timeline.noteFor('payment');
  const gateway = new TracedGateway(trial.bank, note);
  const between = () => trial.cancel(order.id);
  const { unitOfWork } = trial;
  const refusal = await chargeThenPay({ gateway, unitOfWork, between }, order, TOKEN).catch(
    (error: unknown) => error,
  );
  if (!(refusal instanceof DomainError)) throw refusal ?? new Error('a cancelled order was paid');
  note('refused', refusal.message);
};

const withCatch: Way = async (trial, order) => {
  const note = trial.timeline.noteFor('payment');
  const gateway = new TracedGateway(trial.bank, note, { before: 'refund' });
  const between = () => trial.cancel(order.id);
  const { unitOfWork } = trial;
  const paying = chargeThenPayOrRefund({ gateway, unitOfWork, between }, order, TOKEN);
  await Promise.race([gateway.killed, paying]);
};

const withSaga: Way = async (trial, order) => {
  const gateway = new TracedGateway(trial.bank, trial.timeline.noteFor('payment'), {
    after: 'authorise',
  });
  const first = trial.saga(gateway);
  const { id } = await first.start.execute({ userId: CUSTOMER, orderId: order.id }, {});
  const stored = async () => CardPayment.restore(await trial.payments.get(id));
  const paying = first.settle.start(await stored(), TOKEN);
  await Promise.race([gateway.killed, paying]);
  await trial.cancel(order.id);

  const { settle } = trial.saga(new TracedGateway(trial.bank, trial.timeline.noteFor('recovery')));
  const deadline = performance.now() + LONGEST_RECOVERY_MS;
  while (!(await stored()).isSettled) {
    if (performance.now() > deadline) throw new Error('the payment is never settled');
    // Refused while the claim of the dead process stands.
    await settle.resume((await stored()).state);
    await pause(10);
  }
};
