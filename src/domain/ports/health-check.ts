/** A server this service depends on, as the readiness probe sees it. */
export abstract class HealthCheck {
  /** Short name, such as `database`. */
  abstract readonly dependency: string;

  /** Whether the service is of no use without it; otherwise it goes on, degraded. */
  abstract readonly required: boolean;

  /** @throws when the dependency does not answer */
  abstract check(): Promise<void>;
}
