import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { describeFailure } from '../../src/commands/describe-failure.js';
import { SettingsError } from '../../src/config/settings/settings.js';
import { inheritedEnvironment } from '../../tools/servers/processes/inherited-environment.js';
import { backends, type Env } from '../support/backends.js';
import { bundled } from '../support/bundled.js';
import { InstanceProcess } from '../support/instance-process.js';
import { rejection } from '../support/rejection.js';
import { startTestService } from '../support/test-service.js';

const execute = promisify(execFile);
const COMMAND = bundled(new URL('../../src/commands/migrate.js', import.meta.url));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function migrate(env: Env, ...args: string[]): Promise<Ended> {
  const options = { env: { ...inheritedEnvironment(), ...env } };
  return execute(process.execPath, [COMMAND, ...args], options).then(
    (ended) => ({ code: 0, ...ended }),
    (error) => error,
  );
}

/** The migrations with this word before them in the output. */
function listed({ stdout }: Pick<Ended, 'stdout'>, word: string): string[] {
  return [...stdout.matchAll(new RegExp(`^${word} +(\\S+)$`, 'gm'))].map(([, name = '']) => name);
}

for (const backend of backends) {
  describe(`npm run migrate on ${backend.name}`, () => {
    it('applies each migration once when processes and instances start together', async () => {
      await using open = await backend.open();
      const starting = InstanceProcess.start(open.env);
      const ended = await Promise.all(Array.from({ length: 4 }, () => migrate(open.env)));
      await using instance = await starting;
      expect((await fetch(`${instance.url}/readyz`)).status).to.equal(200);
      for (const { code, stderr } of ended)
        expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
      const applied = ended.flatMap((each) => listed(each, 'applied'));
      expect(applied).to.deep.equal([...new Set(applied)]);
      const status = await migrate(open.env, '--status');
      expect(status.code).to.equal(0);
      expect(listed(status, 'applied')).to.include.members(['0001-orders', ...applied]);
      expect(listed(status, 'missing')).to.deep.equal([]);
    });

    it('lists what is missing, and changes nothing, with --status', async () => {
      await using open = await backend.open();
      for (let times = 0; times < 2; times++) {
        const { code, stdout, stderr } = await migrate(open.env, '--status');
        expect(listed({ stdout }, 'missing')).to.include('0001-orders');
        expect(listed({ stdout }, 'applied')).to.deep.equal([]);
        expect(code).to.equal(1);
        expect(stderr).to.match(/^missing migrations: \d+\n$/);
      }
      expect(listed(await migrate(open.env), 'applied')).to.include('0001-orders');
      expect((await migrate(open.env)).stdout).to.equal('the schema is up to date\n');
    });

    it('gives a restored database another id with --after-restore, which needs instances to restart', async () => {
      await using open = await backend.open();
      await using former = await InstanceProcess.start(open.env);
      expect((await fetch(`${former.url}/readyz`)).status).to.equal(200);
      const { code, stdout } = await migrate(open.env, '--after-restore');
      expect(code).to.equal(0);
      expect(stdout).to.match(
        /^the schema is up to date\nthe database has the id \S{36}; before: \S{36}\nqueued again: 0 /,
      );
      expect((await fetch(`${former.url}/readyz`)).status).to.equal(503);
      await former.end('SIGTERM');
      await using later = await InstanceProcess.start(open.env);
      expect((await fetch(`${later.url}/readyz`)).status).to.equal(200);
    });

    it('refuses --status together with --after-restore', async () => {
      const { code, stderr } = await migrate({}, '--status', '--after-restore');
      expect({ code, stderr }).to.deep.equal({
        code: 2,
        stderr:
          'npm run migrate: --status and --after-restore exclude each other; --help lists the options\n',
      });
    });

    it('must run before an instance starts with MIGRATE=off', async () => {
      await using open = await backend.open();
      const env = { ...open.env, MIGRATE: 'off' };
      // The database outlives both starts.
      const manual = {
        name: '',
        open: async () => ({ env, [Symbol.asyncDispose]: async () => {} }),
      };
      const refusal = await rejection(startTestService(manual));
      expect(refusal).to.be.instanceOf(SettingsError);
      expect(describeFailure(refusal)).to.match(
        /^MIGRATE: is off, .* 0001-orders, .*npm run migrate$/,
      );
      await migrate(open.env);
      await using service = await startTestService(manual);
      expect((await service.anyone.get('/readyz')).body.status).to.equal('ready');
    });
  });
}
