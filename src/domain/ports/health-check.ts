/** A server this service depends on, as the readiness probe sees it. */
export abstract class HealthCheck {
  /** Short name, such as `database`. */
  abstract readonly dependency: string;

  /** @throws when the dependency does not answer */
  abstract check(): Promise<void>;
}
