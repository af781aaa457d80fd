import {
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  type IPolicy,
  retry,
  wrap,
} from 'cockatiel';
import {
  type Charge,
  type ChargeRequest,
  PaymentGateway,
} from '../../domain/payments/payment-gateway.js';
import { DependencyUnavailableError } from '../../domain/ports/failures.js';
import { GatewayClient, GatewayResponseError } from './gateway-client.js';
import {
  type GatewayCall,
  type GatewayObserver,
  silentGatewayObserver,
} from './gateway-observer.js';

export interface GatewaySettings {
  readonly url: string;
  /** Secret that says who we are. */
  readonly key: string;
  /** Longest wait for one answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Requests of one call, at least 1; each may be repeated, as each carries its key. */
  readonly attempts: number;
  /** How long a gateway that was found away is left alone, in milliseconds. */
  readonly aloneMs?: number;
}

/** Calls that fail in a row until the gateway counts as away. */
const MOST_FAILURES = 5;

const ALONE_MS = 1_000;

/**
 * A payment gateway that speaks HTTP. Each step of a charge has one idempotency key for ever, made
 * of the charge's reference, so whatever is sent again, by this process or by another that took
 * over, is done once.
 */
export class HttpPaymentGateway extends PaymentGateway {
  private readonly client: GatewayClient;
  private readonly policy: IPolicy;

  constructor(
    settings: GatewaySettings,
    private readonly observer: GatewayObserver = silentGatewayObserver,
  ) {
    super();
    this.client = new GatewayClient(settings);
    const breaker = circuitBreaker(handleWhen(mayHelp), {
      halfOpenAfter: settings.aloneMs ?? ALONE_MS,
      breaker: new ConsecutiveBreaker(MOST_FAILURES),
    });
    const again = retry(handleWhen(mayHelp), {
      maxAttempts: settings.attempts - 1,
      // Jittered by itself.
      backoff: new ExponentialBackoff({ initialDelay: 50, maxDelay: 500 }),
    });
    this.policy = wrap(breaker, again);
  }

  override authorise(request: ChargeRequest): Promise<Charge> {
    const key = `${request.reference}:authorise`;
    // @plant gateway-idempotency-key
    return this.ask('authorise', () => this.client.post('/charges', key, request));
  }

  override find(reference: string): Promise<Charge | undefined> {
    return this.ask('find', () => this.client.find(`/charges/${reference}`));
  }

  override capture(reference: string): Promise<Charge> {
    return this.change('capture', reference);
  }

  override void(reference: string): Promise<Charge> {
    return this.change('void', reference);
  }

  override refund(reference: string): Promise<Charge> {
    return this.change('refund', reference);
  }

  private change(call: 'capture' | 'void' | 'refund', reference: string): Promise<Charge> {
    const path = `/charges/${reference}/${call}`;
    return this.ask(call, () => this.client.post(path, `${reference}:${call}`));
  }

  private async ask<T extends Charge | undefined>(
    call: GatewayCall,
    send: () => Promise<T>,
  ): Promise<T> {
    const start = performance.now();
    const told = (outcome: string) =>
      this.observer.called(call, outcome, performance.now() - start);
    try {
      const charge = await this.policy.execute(send);
      told(charge?.status ?? 'absent');
      return charge;
    } catch (error) {
      told('failed');
      throw new DependencyUnavailableError('payment_gateway', error);
    }
  }
}

/** Not where the gateway says that the request itself is wrong. */
function mayHelp(error: unknown): boolean {
  return !(error instanceof GatewayResponseError) || error.status >= 500 || error.status === 429;
}
