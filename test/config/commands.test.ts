import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { inheritedEnvironment } from '../../tools/servers/processes/inherited-environment.js';
import { ApiClient } from '../support/api-client.js';
import { backends, type Env } from '../support/backends.js';
import { bundled } from '../support/bundled.js';
import { INSTANCE_PROGRAM, InstanceProcess } from '../support/instance-process.js';
import { readAll } from '../support/shop.js';

const execute = promisify(execFile);

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Command = 'token' | 'seed' | 'popular';

async function run(command: Command, env: Env, ...args: string[]): Promise<Ended> {
  const file = bundled(new URL(`../../src/commands/${command}.js`, import.meta.url));
  const options = { env: { ...inheritedEnvironment(), ...env } };
  try {
    return { code: 0, ...(await execute(process.execPath, [file, ...args], options)) };
  } catch (error) {
    return error as Ended;
  }
}

for (const backend of backends) {
  describe(`The commands on ${backend.name}`, () => {
    it('make a token that the running service accepts, and print nothing else', async () => {
      await using open = await backend.open();
      await using instance = await InstanceProcess.start(open.env);
      const { stdout, stderr } = await run('token', open.env, '--user', 'bob');
      expect(stdout).to.match(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
      expect(stderr).to.equal('');
      const bob = new ApiClient(instance.url, stdout.trim());
      expect((await bob.get('/v1/wallets/me')).body).to.include({ userId: 'bob', balance: 0 });
      expect((await bob.post('/v1/products', {})).status).to.equal(403);
      const admin = await run('token', open.env, '--user', 'eve', '--role', 'admin');
      const eve = new ApiClient(instance.url, admin.stdout.trim());
      expect((await eve.post('/v1/products', {})).status).to.equal(400);
    });

    it('add the given number of products in each run', async () => {
      await using open = await backend.open();
      for (const total of [130, 260]) {
        const seeded = await run('seed', open.env, '--products', '130');
        expect(seeded).to.include({ code: 0, stdout: 'added 130 products\n' });
        await using instance = await InstanceProcess.start(open.env);
        const products = await readAll(new ApiClient(instance.url), '/v1/products');
        expect(products).to.have.length(total);
      }
    });
  });
}

describe('A command that was called wrongly', () => {
  const wrong: readonly [Command, string[], RegExp][] = [
    ['token', [], /--user/],
    ['token', ['--user', 'a b'], /--user/],
    ['token', ['--user', 'a', '--role', 'root'], /--role/],
    ['token', ['--usr', 'a'], /--usr/],
    ['seed', [], /--products/],
    ['seed', ['--products', '-1'], /--products/],
    ['seed', ['--products', 'many'], /--products/],
    ['popular', [], /rebuild/],
    ['popular', ['burn'], /rebuild/],
    ['popular', ['--rebuild'], /--rebuild/],
  ];
  for (const [command, args, message] of wrong) {
    it(`${command} ${args.join(' ')} says so in one line and fails`, async () => {
      const { code, stdout, stderr } = await run(command, {}, ...args);
      expect(code).to.equal(2);
      expect(stdout).to.equal('');
      expect(stderr).to.match(message);
      expect(stderr.trim().split('\n')).to.have.length(1);
    });
  }
});

describe('A start with wrong settings', () => {
  it('ends with one line for each wrong setting', async () => {
    const env = { ...inheritedEnvironment(), PORT: 'x', LOCK_STRATEGY: 'hope' };
    const ended = await execute(process.execPath, [INSTANCE_PROGRAM], { env }).catch(
      (error: Ended) => error,
    );
    expect(ended).to.have.property('code', 1);
    expect(ended.stderr).to.match(/PORT:.*\n.*LOCK_STRATEGY:/);
    expect(ended.stderr).not.to.include('at ');
  });
});
