import type { z } from 'zod';
import { Lab, LabRefusal } from '../../adapters/http/lab/lab.js';
import {
  type LabExperiment,
  OWN_RACE,
  type PendingRun,
  type RunEvent,
  type RunRecord,
  type RunRequest,
} from '../../adapters/http/lab/lab-schemas.js';
import type { Servers } from '../experiment.js';
import type { ExperimentProcess } from './child/experiment-process.js';
import { labExperiments } from './lab-catalogue.js';
import type { RunQueue } from './run-queue.js';
import { newRunId, type RunRecords } from './run-records.js';

type Request = z.output<typeof RunRequest>;

const LEFTOVERS_EVERY_MS = 60 * 60 * 1_000;

interface LabOptions {
  /** Shared with everything else that runs in the lab. */
  readonly queue: RunQueue;
  readonly child: ExperimentProcess;
  /** Undefined: runs use SQLite, and the lock and the cache of one process. */
  readonly servers: Servers | undefined;
  readonly records: RunRecords;
  /** Called with the failure of a run: a server failed, or the program has a bug. */
  readonly onFailure: (error: unknown, experiment: string) => void;
}

/** Runs the experiments, one after another, in a process of their own. */
export class ExperimentLab extends Lab {
  readonly #experiments: readonly LabExperiment[];
  readonly #pending = new Map<string, PendingRun>();
  #cleanAtMs = 0;

  constructor(private readonly options: LabOptions) {
    super();
    this.#experiments = labExperiments(options.servers);
  }

  override experiments(): readonly LabExperiment[] {
    // The page asks for them when it opens, so the process is ready for the first run.
    this.options.child.prepare();
    return this.#experiments;
  }

  override start(request: Request): AsyncIterable<RunEvent> {
    this.#check(request);
    const id = newRunId();
    const { queue, onFailure } = this.options;
    const events = queue.start<RunEvent>({
      id,
      run: (send) => this.#run(id, request, send),
      onFailure: (error) => {
        this.#pending.delete(id);
        onFailure(error, request.experiment);
      },
    });
    this.#pending.set(id, { id, ...request });
    return events;
  }

  override pending(id: string): PendingRun | undefined {
    return this.#pending.get(id);
  }

  override find(id: string): Promise<z.output<typeof RunRecord> | undefined> {
    return this.options.records.find(id);
  }

  /** @throws LabRefusal */
  #check({ experiment, settings }: Request): void {
    const known = this.#experiments.find(({ id }) => id === experiment);
    if (!known?.place) {
      throw new LabRefusal('cannot run here', `This instance cannot run ${experiment}.`);
    }
    if (experiment === OWN_RACE && !settings.race) {
      throw new LabRefusal('setting not used', 'A race of your own needs the setting race.');
    }
    const unused = Object.keys(settings).find((name) => !(name in known.settings));
    if (unused) throw new LabRefusal('setting not used', `${experiment} has no setting ${unused}.`);
  }

  async #run(id: string, request: Request, send: (event: RunEvent) => void): Promise<void> {
    const { child, servers, records } = this.options;
    const startedAt = new Date().toISOString();
    const reports = await child.run(
      { ...request, servers, removesLeftovers: this.#areLeftoversDue() },
      (data) => send({ name: 'steps', data }),
    );
    const place = servers ? 'servers' : 'embedded';
    const record = { id, ...request, startedAt, place, reports } as const;
    await records.save(record);
    this.#pending.delete(id);
    send({ name: 'finished', data: record });
  }

  /** At most once an hour, because their removal scans every key of Redis. */
  #areLeftoversDue(): boolean {
    const nowMs = performance.now();
    if (nowMs < this.#cleanAtMs) return false;
    this.#cleanAtMs = nowMs + LEFTOVERS_EVERY_MS;
    return true;
  }
}
