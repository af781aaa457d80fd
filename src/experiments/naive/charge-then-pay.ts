import type { OrderState } from '../../domain/orders/order.js';
import type { PaymentGateway } from '../../domain/payments/payment-gateway.js';
import type { UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { orderKey } from '../../domain/resource-keys.js';

export interface TwoSteps {
  readonly gateway: PaymentGateway;
  readonly unitOfWork: UnitOfWork;
  /** Runs between the two steps. */
  readonly between: () => Promise<void>;
}

/**
 * Takes the money and then changes the order. These are two systems without a common transaction.
 * When the second step is refused, the charge of the first step remains.
 */
export async function chargeThenPay(
  { gateway, unitOfWork, between }: TwoSteps,
  { id, total }: OrderState,
  token: string,
): Promise<void> {
  const charge = { reference: id, orderId: id, amount: total, token };
  const { status } = await gateway.authorise(charge);
  if (status !== 'authorised') throw new Error(`the card is ${status}`);
  await gateway.capture(id);
  await between();
  await unitOfWork.run({ locks: [orderKey(id)] }, async (tx) => {
    await tx.orders.save((await tx.orders.get(id)).pay(new Date()));
  });
}

/** The same, with a refund when the second step fails, unless the process dies before it. */
export async function chargeThenPayOrRefund(
  steps: TwoSteps,
  order: OrderState,
  token: string,
): Promise<void> {
  try {
    await chargeThenPay(steps, order, token);
  } catch (error) {
    await steps.gateway.refund(order.id);
    throw error;
  }
}
