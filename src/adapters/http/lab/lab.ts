import type { z } from 'zod';
import type { LabExperiment, PendingRun, RunEvent, RunRecord, RunRequest } from './lab-schemas.js';

/** Runs experiments, one at a time, and keeps the records of their runs. */
export abstract class Lab {
  abstract experiments(): readonly LabExperiment[];

  /**
   * Queues a run. The run continues when nobody reads its events. The events end after `finished`
   * or `failed`.
   *
   * @throws LabRefusal the experiment cannot run here, or too many runs wait
   */
  abstract start(request: z.output<typeof RunRequest>): AsyncIterable<RunEvent>;

  /** A run of this instance that waits or runs; undefined once its record can be found, or it has failed. */
  abstract pending(id: string): PendingRun | undefined;

  /** Undefined when the run does not exist or is not finished. */
  abstract find(id: string): Promise<z.output<typeof RunRecord> | undefined>;
}

export class LabRefusal extends Error {
  override readonly name = 'LabRefusal';

  constructor(
    readonly reason: 'cannot run here' | 'too many runs' | 'setting not used',
    message: string,
  ) {
    super(message);
  }
}
