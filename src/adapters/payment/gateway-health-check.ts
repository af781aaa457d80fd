import { HealthCheck } from '../../domain/ports/health-check.js';

/** The payment gateway is not required: without it only card payments fail. */
export class GatewayHealthCheck extends HealthCheck {
  override readonly dependency = 'payment_gateway';
  override readonly required = false;

  constructor(
    private readonly url: string,
    private readonly timeoutMs: number,
  ) {
    super();
  }

  override async check(): Promise<void> {
    const signal = AbortSignal.timeout(this.timeoutMs);
    const response = await fetch(`${this.url.replace(/\/$/, '')}/healthz`, { signal });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`the gateway responded with status ${response.status}`);
  }
}
