/** Checks a server that this service depends on, for the readiness probe. */
export abstract class HealthCheck {
  /** Short name, such as `database`. */
  abstract readonly dependency: string;

  /** True: the service cannot work without it. False: the service continues, degraded. */
  abstract readonly required: boolean;

  /** @throws when the dependency does not answer */
  abstract check(): Promise<void>;
}
