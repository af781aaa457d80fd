import type { z } from 'zod';
import { Lab, LabRefusal } from '../../adapters/http/lab/lab.js';
import {
  type LabExperiment,
  OWN_RACE,
  type RunEvent,
  type RunRecord,
  type RunRequest,
} from '../../adapters/http/lab/lab-schemas.js';
import { type ExperimentOptions, isEmbedded, type Servers } from '../experiment.js';
import { experiments } from '../experiments.js';
import { runOwnRace } from '../scenarios/locking/own-race.js';
import type { RunReport } from '../support/run-report.js';
import { labExperiments } from './lab-catalogue.js';
import { shownReport } from './lab-report.js';
import { removeLeftovers } from './leftovers.js';
import type { RunFolder } from './run-folder.js';
import type { RunQueue } from './run-queue.js';
import { newRunId, type RunRecords } from './run-records.js';

type Request = z.output<typeof RunRequest>;

/** Most steps that are sent during a run. The record contains all steps, up to its own limit. */
const MAX_LIVE_STEPS = 500;

const LEFTOVERS_EVERY_MS = 60 * 60 * 1_000;

interface LabOptions {
  /** Shared with everything else that runs in the lab. */
  readonly queue: RunQueue;
  readonly place: Servers | RunFolder;
  readonly records: RunRecords;
  /** Called with the failure of a run: a server failed, or the program has a bug. */
  readonly onFailure: (error: unknown, experiment: string) => void;
}

/** Runs the experiments, one after another. */
export class ExperimentLab extends Lab {
  readonly #experiments: readonly LabExperiment[];
  #cleanAtMs = 0;

  constructor(private readonly options: LabOptions) {
    super();
    this.#experiments = labExperiments(options.place);
  }

  override experiments(): readonly LabExperiment[] {
    return this.#experiments;
  }

  override start(request: Request): AsyncIterable<RunEvent> {
    this.#check(request);
    const id = newRunId();
    const { queue, onFailure } = this.options;
    return queue.start<RunEvent>({
      id,
      run: (send) => this.#run(id, request, send),
      onFailure: (error) => onFailure(error, request.experiment),
    });
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
    const startedAt = new Date().toISOString();
    await this.#removeLeftovers();
    let steps = 0;
    const reports = await this.#reports(request, {
      onStep: (data) => {
        steps += 1;
        if (steps <= MAX_LIVE_STEPS) send({ name: 'step', data });
      },
    });
    const place = isEmbedded(this.options.place) ? 'embedded' : 'servers';
    const record = {
      id,
      ...request,
      startedAt,
      place,
      reports: reports.map((report) => shownReport(request.experiment, report)),
    } as const;
    await this.options.records.save(record);
    send({ name: 'finished', data: record });
  }

  /** At most once an hour, because it scans every key of Redis. */
  async #removeLeftovers(): Promise<void> {
    const { place } = this.options;
    if (isEmbedded(place) || performance.now() < this.#cleanAtMs) return;
    await removeLeftovers(place);
    this.#cleanAtMs = performance.now() + LEFTOVERS_EVERY_MS;
  }

  async #reports(
    { experiment: id, settings }: Request,
    live: ExperimentOptions,
  ): Promise<readonly RunReport[]> {
    const { place } = this.options;
    const { requests, holdMs, strategy, race } = settings;
    if (id === OWN_RACE) return await runOwnRace(place, race ?? [], live);
    const experiment = experiments.find((one) => one.id === id);
    const options = {
      ...live,
      ...(requests !== undefined && { requests }),
      ...(holdMs !== undefined && { pauseLimitMs: holdMs }),
      ...(strategy !== undefined && { strategy }),
    };
    if (!isEmbedded(place)) return (await experiment?.run(place, options)) ?? [];
    return (await experiment?.runEmbedded?.(place, options)) ?? [];
  }
}
