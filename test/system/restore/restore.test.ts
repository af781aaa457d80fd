import { execFile } from 'node:child_process';
import { copyFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { startRedis } from '../../../tools/servers/redis/start-redis.js';
import { TemporaryFolder } from '../../../tools/servers/temporary-folder.js';
import { embedded, serversWithKafka } from '../../support/backends.js';
import { brokenClaims } from '../faults/support/fault-scenario.js';
import { details } from '../faults/support/summary.js';
import { dump, load } from './mysql-backup.js';
import { type RestoreRun, RestoreTrial } from './restore-trial.js';

/** In a process of its own, so that the trade of this one goes on. */
const VACUUM = `
const [, file, backup] = process.argv;
new (require('node:sqlite').DatabaseSync)(file).prepare('VACUUM INTO ?').run(backup);`;

describe('A database that is restored to an earlier moment', function () {
  this.timeout(400_000);

  it('on MySQL: two instances, Redis and Kafka continue with the state of the backup', async () => {
    await using open = await serversWithKafka.open();
    await using folder = new TemporaryFolder('backup');
    const { DATABASE_URL: url = '' } = open.env;
    const file = path.join(folder.path, 'lockstep.sql');
    await expectAllRight({
      env: open.env,
      instances: 2,
      save: () => dump(url, file),
      restore: () => load(url, file),
    });
  });

  it('on SQLite: an instance and Redis continue with the state of the backup', async () => {
    await using open = await embedded.open();
    await using redis = await startRedis();
    const file = path.join(open.env['DATA_DIR'] ?? '', 'lockstep.sqlite');
    const backup = `${file}.backup`;
    await expectAllRight({
      env: { ...open.env, REDIS_URL: redis.url },
      instances: 1,
      save: async () => {
        await promisify(execFile)(process.execPath, ['-e', VACUUM, file, backup]);
      },
      restore: async () => {
        for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
        copyFileSync(backup, file);
      },
    });
  });
});

async function expectAllRight(shop: RestoreRun): Promise<void> {
  const run = () => new RestoreTrial(shop).report();
  const outcome = await run();
  const scenario = { name: 'restore', title: 'a restore', seconds: 0, run };
  const shown = [...outcome.done, details({ scenario, outcome })].join('\n');
  expect(brokenClaims(outcome), shown).to.deep.equal([]);
}
