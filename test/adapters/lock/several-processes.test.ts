import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { eventually } from '../../contract/eventually.js';
import type { WorkerReport } from './support/counter-process.js';
import { connect, type TestClient } from './support/redis-clients.js';
import { RedisServer } from './support/redis-server.js';

/** Errors that a client may report while Redis is down. */
const goneAway = /LockUnavailable|client|socket|ECONN|connect/i;

const PAUSES = 3;
const script = new URL('./support/counter-process.js', import.meta.url);

describe('RedisLock between processes', function () {
  this.timeout(240_000);
  let server: RedisServer;
  let admin: TestClient;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    server = await RedisServer.start();
    admin = await connect(server.url);
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    admin.destroy();
    await server.stop();
  });

  async function start(wrapper: string): Promise<ChildProcess> {
    const child = fork(script, [server.url, wrapper, '12']);
    children.push(child);
    await once(child, 'message');
    return child;
  }

  async function stop(child: ChildProcess): Promise<WorkerReport> {
    const exited = once(child, 'exit');
    child.send('stop');
    const [report] = (await once(child, 'message')) as [WorkerReport];
    expect(await exited).to.deep.equal([0, null]);
    return report;
  }

  for (const wrapper of ['plain', 'cohort']) {
    it(`loses no update to kills, pauses and cut subscribers: ${wrapper}`, async () => {
      const [killed, paused, third] = await Promise.all(['', '', ''].map(() => start(wrapper)));
      if (!killed || !paused || !third) throw new Error('no workers');
      for (let round = 0; round < PAUSES; round += 1) {
        await delay(300);
        paused.kill('SIGSTOP');
        await delay(700);
        await admin.sendCommand(['CLIENT', 'KILL', 'TYPE', 'pubsub']);
        paused.kill('SIGCONT');
      }
      killed.kill('SIGKILL');
      const heir = await start(wrapper);
      const before = Number(await admin.get('written'));
      await eventually(async () => Number(await admin.get('written')) > before + 300);
      const reports = await Promise.all([paused, third, heir].map(stop));

      const [counter, written] = await admin.mGet(['counter', 'written']);
      expect(Number(counter)).to.equal(Number(written)).and.be.greaterThan(100);
      // A pause between check and write causes one such write, and so does a machine that stops. A
      // lock with two holders causes many.
      const fenced = reports.reduce((sum, report) => sum + report.fenced, 0);
      expect(fenced).to.be.at.most(3 * PAUSES);
      for (const report of reports) {
        expect(report.others).to.deep.equal([]);
        expect(report.busy).to.equal(0);
        expect(report.served).to.be.greaterThan(0);
      }
    });
  }

  it('serves every process again after Redis was restarted empty', async () => {
    const workers = await Promise.all(['plain', 'cohort'].map(start));
    for (let round = 0; round < 2; round += 1) {
      await delay(300);
      await server.down();
      await delay(200);
      await server.up();
    }
    await eventually(async () => {
      const [plain, cohort] = await admin.mGet(['served:plain', 'served:cohort']);
      return Number(plain) > 20 && Number(cohort) > 20;
    });
    for (const { others } of await Promise.all(workers.map(stop))) {
      expect(others.filter((error) => !goneAway.test(error))).to.deep.equal([]);
    }
  });
});
