import { ContainerModule } from 'inversify';
import { GatewayHealthCheck } from '../../adapters/payment/gateway-health-check.js';
import { HttpPaymentGateway } from '../../adapters/payment/http-payment-gateway.js';
import { SandboxGateway } from '../../adapters/payment/sandbox/sandbox-gateway.js';
import type { PaymentObserver } from '../../adapters/telemetry/payment-metrics.js';
import { CardPaymentSteps } from '../../application/payments/card-payment-steps.js';
import { PayOrderByCard } from '../../application/payments/pay-order-by-card.js';
import { SettleCardPayment } from '../../application/payments/settle-card-payment.js';
import { StartCardPayment } from '../../application/payments/start-card-payment.js';
import { OrderQueries } from '../../domain/orders/ports.js';
import { PaymentGateway } from '../../domain/payments/payment-gateway.js';
import { CardPaymentQueries } from '../../domain/payments/ports.js';
import { Clock } from '../../domain/ports/clock.js';
import { HealthCheck } from '../../domain/ports/health-check.js';
import { IdGenerator } from '../../domain/ports/id-generator.js';
import { UnitOfWork } from '../../domain/ports/unit-of-work.js';
import type { Settings } from '../settings/settings.js';
import { singleton } from './singleton.js';

/** Requests that one call to the gateway may send. */
const ATTEMPTS = 2;

/** Payments by card, through a gateway over HTTP or the sandbox in the process. */
export function paymentModule(settings: Settings, observer: PaymentObserver): ContainerModule {
  const { PAYMENT_CLAIM_MS: claimMs, PAYMENT_ABANDON_AFTER_MS: abandonAfterMs } = settings;
  const { PAYMENT_GATEWAY_URL: url, PAYMENT_GATEWAY_KEY: key, PAYMENT_TIMEOUT_MS } = settings;
  return new ContainerModule(({ bind }) => {
    if (url && key) {
      const gateway = { url, key, timeoutMs: PAYMENT_TIMEOUT_MS, attempts: ATTEMPTS };
      bind(PaymentGateway).toConstantValue(new HttpPaymentGateway(gateway, observer));
      bind(HealthCheck).toConstantValue(new GatewayHealthCheck(url, PAYMENT_TIMEOUT_MS));
    } else {
      bind(PaymentGateway).toConstantValue(new SandboxGateway());
    }
    bind(StartCardPayment)
      .toResolvedValue(
        (unitOfWork: UnitOfWork, ids: IdGenerator, clock: Clock) =>
          new StartCardPayment(unitOfWork, ids, clock, claimMs),
        [UnitOfWork, IdGenerator, Clock],
      )
      .inSingletonScope();
    bind(SettleCardPayment)
      .toResolvedValue(
        (unitOfWork: UnitOfWork, gateway: PaymentGateway, clock: Clock) => {
          const steps = new CardPaymentSteps(unitOfWork, gateway, clock, observer, abandonAfterMs);
          return new SettleCardPayment(steps, clock, observer, claimMs);
        },
        [UnitOfWork, PaymentGateway, Clock],
      )
      .inSingletonScope();
    singleton(bind, PayOrderByCard, PayOrderByCard, [
      StartCardPayment,
      SettleCardPayment,
      CardPaymentQueries,
      OrderQueries,
    ]);
  });
}
