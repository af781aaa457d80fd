import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { eventually } from '../../../tools/servers/eventually.js';
import { startRedis } from '../../../tools/servers/redis/start-redis.js';
import { startRedisCluster } from '../../../tools/servers/redis/start-redis-cluster.js';
import { rejection } from '../../support/rejection.js';

const ENDS: Record<string, (owner: ChildProcess) => void> = {
  'exits without closing it': (owner) => void owner.send('exit'),
  'fails with an uncaught error': (owner) => void owner.send('throw'),
  'gets SIGTERM': (owner) => void owner.kill('SIGTERM'),
  'gets SIGINT': (owner) => void owner.kill('SIGINT'),
  'gets SIGKILL': (owner) => void owner.kill('SIGKILL'),
};

describe('A server and its folder', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'lockstep-cleanup-'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  for (const [end, cause] of Object.entries(ENDS)) {
    it(`are removed when their owner ${end}`, async () => {
      const owner = startOwner(folder);
      const [url] = (await once(owner, 'message')) as [string];
      expect(readdirSync(folder)).to.have.lengthOf(1);
      cause(owner);
      await once(owner, 'exit');
      await eventually(async () => {
        expect(await isListening(url), 'still listening').to.equal(false);
        expect(readdirSync(folder)).to.deep.equal([]);
      });
    });
  }

  it('are removed when it is closed', async () => {
    const server = await withTemporaryFolder(folder, () => startRedis({ sources: ['binary'] }));
    expect(readdirSync(folder)).to.have.lengthOf(1);
    await server.close();
    expect(await isListening(server.url)).to.equal(false);
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it('are removed when another node of their cluster cannot start', async () => {
    using _ = new FailingOnce('redis-server');
    const start = withTemporaryFolder(folder, () => startRedisCluster());
    expect(await rejection(start)).to.be.instanceOf(Error);
    expect(readdirSync(folder)).to.deep.equal([]);
  });
});

/** Makes one start of a program on the PATH fail, and lets the others be as they are. */
class FailingOnce implements Disposable {
  readonly #folder = mkdtempSync(path.join(os.tmpdir(), 'lockstep-failing-once-'));
  readonly #path = process.env['PATH'];

  constructor(program: string) {
    const script = `mkdir '${this.#folder}/failed' 2>/dev/null && exit 1\nPATH='${this.#path}' exec ${program} "$@"`;
    writeFileSync(path.join(this.#folder, program), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    process.env['PATH'] = `${this.#folder}${path.delimiter}${this.#path}`;
  }

  [Symbol.dispose](): void {
    Object.assign(process.env, { PATH: this.#path });
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function startOwner(folder: string): ChildProcess {
  const program = path.join(import.meta.dirname, 'owner-process.js');
  // `silent`, because its report of an uncaught error is expected, and would look like a failed
  // test.
  return fork(program, { env: { ...process.env, TMPDIR: folder }, silent: true });
}

async function withTemporaryFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}

function isListening(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(Number(new URL(url).port), '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
