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
  /** Secret that authenticates this service. */
  readonly key: string;
  /** Timeout of one request, in milliseconds. */
  readonly timeoutMs: number;
  /** Most requests of one call, at least 1; a repeat is safe because of its idempotency key. */
  readonly attempts: number;
  /** How long no request is sent after the gateway was found down, in milliseconds. */
  readonly breakMs?: number;
}

/** Consecutive failures after which the gateway counts as down. */
const MAX_FAILURES = 5;

const BREAK_MS = 1_000;

/**
 * A payment gateway over HTTP. Each step of a charge has one idempotency key, made from the reference
 * of the charge. So a step that is sent again, by this process or another one, is done once.
 */
export class HttpPaymentGateway extends PaymentGateway {
  readonly #client: GatewayClient;
  readonly #policy: IPolicy;

  constructor(
    settings: GatewaySettings,
    private readonly observer: GatewayObserver = silentGatewayObserver,
  ) {
    super();
    this.#client = new GatewayClient(settings);
    const breaker = circuitBreaker(handleWhen(isRetryable), {
      halfOpenAfter: settings.breakMs ?? BREAK_MS,
      breaker: new ConsecutiveBreaker(MAX_FAILURES),
    });
    const again = retry(handleWhen(isRetryable), {
      maxAttempts: settings.attempts - 1,
      // The backoff adds jitter by itself.
      backoff: new ExponentialBackoff({ initialDelay: 50, maxDelay: 500 }),
    });
    this.#policy = wrap(breaker, again);
  }

  override authorise(request: ChargeRequest): Promise<Charge> {
    const key = `${request.reference}:authorise`;
    // @plant gateway-idempotency-key
    return this.#ask('authorise', () => this.#client.post('/charges', key, request));
  }

  override find(reference: string): Promise<Charge | undefined> {
    return this.#ask('find', () => this.#client.find(`/charges/${reference}`));
  }

  override capture(reference: string): Promise<Charge> {
    return this.#change('capture', reference);
  }

  override void(reference: string): Promise<Charge> {
    return this.#change('void', reference);
  }

  override refund(reference: string): Promise<Charge> {
    return this.#change('refund', reference);
  }

  #change(call: 'capture' | 'void' | 'refund', reference: string): Promise<Charge> {
    const path = `/charges/${reference}/${call}`;
    return this.#ask(call, () => this.#client.post(path, `${reference}:${call}`));
  }

  async #ask<T extends Charge | undefined>(call: GatewayCall, send: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const record = (outcome: string) =>
      this.observer.called(call, outcome, performance.now() - start);
    try {
      const charge = await this.#policy.execute(send);
      record(charge?.status ?? 'absent');
      return charge;
    } catch (error) {
      record('failed');
      throw new DependencyUnavailableError('payment_gateway', error);
    }
  }
}

/** False when the gateway says that the request itself is wrong. */
function isRetryable(error: unknown): boolean {
  return !(error instanceof GatewayResponseError) || error.status >= 500 || error.status === 429;
}
