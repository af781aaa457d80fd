import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { eventually } from '../../tools/servers/eventually.js';
import { ServerProcess } from '../../tools/servers/processes/server-process.js';
import { TemporaryFolder } from '../../tools/servers/temporary-folder.js';
import { ApiClient } from '../support/api-client.js';
import { type Env, embedded } from '../support/backends.js';
import { InstanceProcess } from '../support/instance-process.js';
import { addProduct } from '../support/shop.js';

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url));
const JWT = /eyJ[\w-]+\.[\w-]+\.[\w-]+/;

const rightsOf = (file: string) => (statSync(file).mode & 0o777).toString(8);

/** The output of a start from its first line until its greeting. */
async function greeting(command: string, args: readonly string[], env: Env): Promise<string> {
  const child = spawn(command, args, { env: { PATH: process.env['PATH'], ...env }, stdio: 'pipe' });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  try {
    await eventually(() => expect(text).to.match(/(admin|tokens) .*\r?\n/));
    return text;
  } finally {
    child.kill('SIGTERM');
  }
}

describe('The output and the files of a start', () => {
  it('contains tokens on a terminal, and otherwise the command for a token', async () => {
    await using open = await embedded.open();
    const piped = await greeting(process.execPath, [MAIN], open.env);
    expect(piped).not.to.match(JWT);
    expect(piped).to.include('npm run token -- --user alice');
    const quoted = `'${process.execPath}' '${MAIN}'`;
    const shown = await greeting('script', ['-qec', `exec ${quoted}`, '/dev/null'], open.env);
    expect(shown.match(new RegExp(JWT, 'g'))).to.have.length(2);
  });

  it('is readable for its owner only, also when it existed before', async () => {
    await using open = await embedded.open();
    const folder = path.join(String(open.env['DATA_DIR']), 'new');
    const env = { ...open.env, DATA_DIR: folder };
    for (const _ of ['made', 'found']) {
      const instance = await InstanceProcess.start(env);
      await addProduct(await ApiClient.of(instance.url, env, 'admin', 'admin'));
      expect(rightsOf(folder)).to.equal('700');
      const files = readdirSync(folder);
      expect(files).to.include.members(['jwt-secret', 'lockstep.sqlite', 'lockstep.sqlite-wal']);
      for (const file of files) expect(rightsOf(path.join(folder, file)), file).to.equal('600');
      await instance.end('SIGKILL');
      for (const file of files) chmodSync(path.join(folder, file), 0o644);
    }
  });

  it('contains no log of a server that others can read', async () => {
    await using folder = new TemporaryFolder('private');
    expect(rightsOf(folder.path)).to.equal('700');
    const log = path.join(folder.path, 'log');
    const old = path.join(folder.path, 'old', 'log');
    mkdirSync(path.dirname(old));
    writeFileSync(old, 'earlier\n', { mode: 0o644 });
    for (const file of [log, old]) {
      const server = new ServerProcess(process.execPath, ['-e', ''], file);
      await eventually(() => expect(server.ended.aborted).to.equal(true));
      expect(rightsOf(file)).to.equal('600');
    }
  });
});
