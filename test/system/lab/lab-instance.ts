import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import os from 'node:os';
import { SeedCatalogue } from '../../../src/application/catalogue/seed-catalogue.js';
import { type Service, startService } from '../../../src/config/service.js';
import { readSettings } from '../../../src/config/settings/settings.js';
import { TemporaryFolder } from '../../../tools/servers/temporary-folder.js';
import { TEST_LOG_LEVEL } from '../../support/log-level.js';
import { LabBrowser } from './lab-browser.js';

/** An instance on SQLite with the demo catalogue, and a browser that is signed in to its lab. */
export class LabInstance {
  readonly #runs = new Map<string, Promise<string>>();

  constructor(
    readonly lab: LabBrowser,
    readonly service: Service,
    /** The data folder. */
    readonly folder: string,
  ) {}

  /** Runs the experiment, once for all tests, and returns the address of the finished run. */
  recorded(experiment: string): Promise<string> {
    const run = this.#runs.get(experiment) ?? this.run(experiment);
    this.#runs.set(experiment, run);
    return run;
  }

  /** Runs the experiment, and returns the address of the finished run. */
  async run(experiment: string): Promise<string> {
    const { url } = this.service;
    const [cookie] = this.lab.session.cookies;
    const response = await fetch(`${url}/lab/runs`, {
      method: 'POST',
      body: JSON.stringify({ experiment }),
      headers: {
        'Content-Type': 'application/json',
        Origin: url,
        Cookie: `${cookie?.name}=${cookie?.value}`,
      },
    });
    const events = await response.text();
    const id = /^event: finished\ndata: \{"id":"([\w-]+)"/m.exec(events)?.[1];
    if (!id) throw new Error(`the run of ${experiment} has not finished: ${events.slice(-300)}`);
    return `/lab#run=${id}`;
  }

  /** Does something while the process of the experiments is stopped, so that no run ends meanwhile. */
  async whileRunsAreStopped(work: () => Promise<void>): Promise<void> {
    // It has made its folder by then, whose name has its id.
    await this.recorded('no-lock');
    const pids = readdirSync(os.tmpdir()).flatMap((name) => {
      const id = /^lockstep-lab-(\d+)-/.exec(name)?.[1];
      return id ? [Number(id)] : [];
    });
    const pid = pids.find((one) => parentOf(one) === process.pid);
    if (pid === undefined) throw new Error('there is no process of experiments');
    process.kill(pid, 'SIGSTOP');
    try {
      await work();
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  }
}

/** Undefined when the process has ended. */
function parentOf(pid: number): number | undefined {
  try {
    return Number(execFileSync('ps', ['-o', 'ppid=', '-p', `${pid}`], { encoding: 'utf8' }));
  } catch {
    return undefined;
  }
}

const resources = new AsyncDisposableStack();
let instance: Promise<LabInstance> | undefined;

after(() => resources.disposeAsync());

/** The instance of all test files of this process; it starts once, and ends after the last test. */
export function labInstance(): Promise<LabInstance> {
  instance ??= start();
  return instance;
}

async function start(): Promise<LabInstance> {
  const folder = resources.use(new TemporaryFolder('lab-browser')).path;
  const settings = { DATA_DIR: folder, PORT: '0', LOG_LEVEL: TEST_LOG_LEVEL };
  const quick = { POPULAR_REFRESH_MS: '200', OUTBOX_RELAY_MS: '50' };
  // A busy machine is late by itself.
  const patient = { EVENT_LOOP_DELAY_MAX_MS: '0' };
  const service = await startService(readSettings({ ...settings, ...quick, ...patient }));
  resources.defer(() => service.stop());
  await service.container.get(SeedCatalogue).demo();
  const lab = resources.use(await LabBrowser.signIn(service.labLink ?? ''));
  return new LabInstance(lab, service, folder);
}
