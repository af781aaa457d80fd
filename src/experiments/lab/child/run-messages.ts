/** Messages between an instance and the process that runs its experiments. */
import type { z } from 'zod';
import type {
  RecordedStep,
  RunRecord,
  RunRequest,
} from '../../../adapters/http/lab/lab-schemas.js';
import type { Servers } from '../../experiment.js';

export type ShownReport = z.output<typeof RunRecord>['reports'][number];

export type LiveStep = z.output<typeof RecordedStep>;

export interface RunCommand extends z.output<typeof RunRequest> {
  /** Undefined: the run uses SQLite, and the lock and the cache of one process. */
  readonly servers: Servers | undefined;
  /** Whether to remove first what killed processes left on the servers. */
  readonly removesLeftovers: boolean;
}

export type RunMessage =
  /** Steps in the order in which they were recorded. */
  | { readonly steps: LiveStep[] }
  /** The last message of a run. */
  | { readonly reports: ShownReport[] }
  /** The last message of a run that failed. */
  | { readonly failure: unknown };
