import { setTimeout as pause } from 'node:timers/promises';
import type { HealthCheck } from '../../../domain/ports/health-check.js';

/** A dependency that does not respond within this time counts as down, in milliseconds. */
const CHECK_TIMEOUT_MS = 2_000;

/** Least time between the starts of two checks of one dependency, in milliseconds. */
const SPACING_MS = 100;

export type Status = 'ready' | 'degraded' | 'not_ready';

export interface Readiness {
  readonly status: Status;
  /** By the dependency's name. */
  readonly dependencies: ReadonlyMap<string, boolean>;
}

/** Called when a dependency goes down, with the reason, and when it is up again, without a reason. */
export type DependencyChange = (dependency: string, reason?: unknown) => void;

/**
 * Whether this instance can serve requests.
 *
 * Any client may call this at any rate. So all callers before the start of a check share its result,
 * and there is a pause between the checks of one dependency. A result never comes from a check that
 * began before the call: a client that saw a request fail gets the state after that failure.
 */
export class ReadinessProbe {
  readonly #probes: readonly DependencyProbe[];

  constructor(checks: readonly HealthCheck[], changed: DependencyChange = () => {}) {
    this.#probes = checks.map((check) => new DependencyProbe(check, changed));
  }

  async check(): Promise<Readiness> {
    const states = await Promise.all(
      this.#probes.map(async (probe) => ({ ...probe.named, isUp: await probe.isUp() })),
    );
    const dependencies = new Map<string, boolean>();
    for (const { dependency, isUp } of states) {
      dependencies.set(dependency, isUp && (dependencies.get(dependency) ?? true));
    }
    return { status: statusOf(states), dependencies };
  }
}

interface DependencyState {
  readonly dependency: string;
  readonly required: boolean;
  readonly isUp: boolean;
}

/**
 * A degraded instance still gets traffic, because otherwise all instances would be out of service.
 */
function statusOf(states: readonly DependencyState[]): Status {
  const down = states.filter(({ isUp }) => !isUp);
  if (down.length === 0) return 'ready';
  return down.some(({ required }) => required) ? 'not_ready' : 'degraded';
}

class DependencyProbe {
  #beganAt = Number.NEGATIVE_INFINITY;
  #running: Promise<boolean> | undefined;
  #next: Promise<boolean> | undefined;
  #wasUp = true;

  constructor(
    private readonly check: HealthCheck,
    private readonly changed: DependencyChange,
  ) {}

  get named(): Pick<HealthCheck, 'dependency' | 'required'> {
    return { dependency: this.check.dependency, required: this.check.required };
  }

  /** Returns the result of a check that begins after this call. */
  async isUp(): Promise<boolean> {
    this.#next ??= this.#runNext();
    const over = new AbortController();
    const options = { ref: false, signal: over.signal };
    const timeout = pause(CHECK_TIMEOUT_MS, false, options).catch(() => false);
    try {
      return await Promise.race([this.#next, timeout]);
    } finally {
      over.abort();
    }
  }

  async #runNext(): Promise<boolean> {
    await this.#running;
    const waitMs = this.#beganAt + SPACING_MS - performance.now();
    if (waitMs > 0) await pause(waitMs, undefined, { ref: false });
    this.#next = undefined;
    this.#beganAt = performance.now();
    this.#running = this.#run();
    return this.#running;
  }

  async #run(): Promise<boolean> {
    let isUp = true;
    let reason: unknown;
    try {
      await this.check.check();
    } catch (error) {
      isUp = false;
      reason = error;
    }
    if (isUp !== this.#wasUp) this.changed(this.check.dependency, reason);
    this.#wasUp = isUp;
    return isUp;
  }
}
