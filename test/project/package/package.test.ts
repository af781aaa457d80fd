import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createClient } from '@redis/client';
import { expect } from 'chai';
import { sharedCache } from '../../../src/adapters/cache/exports.js';
import { eventually } from '../../../tools/servers/eventually.js';
import { startRedis } from '../../../tools/servers/redis/start-redis.js';

const run = promisify(execFile);
const project = fileURLToPath(new URL('../../../..', import.meta.url));
const MAX_BYTES = 500_000;

/** Its last values show that a request went through the lock or the cache. */
interface Library {
  readonly name: 'lock' | 'cache';
  readonly proof: (response: Response, keys: readonly string[]) => void;
}

const LIBRARIES: readonly Library[] = [
  {
    name: 'lock',
    proof: (_response, keys) => {
      // A free key keeps its fencing token.
      expect(keys.filter((key) => !key.includes('cache'))).not.to.deep.equal([]);
    },
  },
  {
    name: 'cache',
    proof: (response, keys) => {
      expect(response.headers.get('X-Cache')).to.equal('l1');
      expect(keys).to.include('{lockstep:cache:2}:entry:product:1');
    },
  },
];

describe('The packed archive', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-package-'));
  const processes: ChildProcess[] = [];
  let archive: string;
  let redis: Awaited<ReturnType<typeof startRedis>>;
  before(async () => {
    redis = await startRedis();
    await knowCache(redis.url);
    await run('npm', ['pack', '--pack-destination', folder], { cwd: project });
    archive = join(folder, readdirSync(folder).find((file) => file.endsWith('.tgz')) ?? '');
    await installInEmptyProject(archive, folder);
  });
  afterEach(async () => {
    for (const child of processes.splice(0)) {
      if (child.exitCode !== null) continue;
      child.kill();
      await once(child, 'exit');
    }
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await redis[Symbol.asyncDispose]();
  });

  it('is small and has no file of the shop', async () => {
    expect(statSync(archive).size).to.be.below(MAX_BYTES);
    const { stdout } = await run('tar', ['-tzf', archive]);
    const files = stdout.split('\n');
    expect(files).to.include('package/dist/src/adapters/cache/exports.d.ts');
    expect(files).to.include('package/dist/test/contract/cache-contract.d.ts');
    const outside = files.filter((file) =>
      /^package\/dist\/src\/(application|config)\//.test(file),
    );
    expect(outside).to.deep.equal([]);
  });

  it('exports the contract suite of the cache, which an in-process cache passes', async () => {
    writeFileSync(
      join(folder, 'example.ts'),
      `import { InProcessCache } from 'lockstep/cache';
import { cacheContract } from 'lockstep/cache/contract';
cacheContract('Mine', async () => ({ cache: new InProcessCache(), close: async () => {} }));`,
    );
    await compile(folder);
    const mocha = join(folder, 'node_modules/mocha/bin/mocha.js');
    const { stdout } = await run(process.execPath, [mocha, 'example.js'], { cwd: folder });
    expect(stdout).to.match(/\d+ passing/);
  });

  for (const { name, proof } of LIBRARIES) {
    const readme = join(project, `src/adapters/${name}/README.md`);
    // The archive has a library as soon as that has its page.
    if (!existsSync(readme)) continue;

    it(`runs the example of the ${name}'s README in an empty Express project`, async () => {
      const program = exampleOf(readFileSync(readme, 'utf8'));
      writeFileSync(join(folder, 'example.ts'), program);
      await compile(folder);
      const [, path = ''] = /app\.(?:get|post)\(\s*'([^']+)'/.exec(program) ?? [];
      const method = program.includes('app.get(') ? 'GET' : 'POST';
      const port = await freePort();
      const env = { ...process.env, REDIS_URL: redis.url, PORT: String(port) };
      processes.push(
        spawn(process.execPath, ['example.js'], { cwd: folder, env, stdio: 'inherit' }),
      );
      await eventually(async () => {
        const url = `http://127.0.0.1:${port}${path.replaceAll(/:\w+/g, '1')}`;
        const response = await fetch(url, { method });
        expect(response.ok).to.equal(true);
        proof(response, await keysOf(redis.url));
      });
    });
  }
});

/** Unpacks the archive; every other package is linked, so that no network is needed. */
async function installInEmptyProject(archive: string, folder: string): Promise<void> {
  const packages = join(folder, 'node_modules');
  mkdirSync(join(packages, 'lockstep'), { recursive: true });
  await run('tar', ['-xzf', archive, '-C', join(packages, 'lockstep'), '--strip-components=1']);
  const manifest = JSON.parse(
    readFileSync(join(packages, 'lockstep/package.json'), 'utf8'),
  ) as Record<'dependencies' | 'peerDependencies', Record<string, string>>;
  const needed = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  for (const name of [...needed, '@types/express', '@types/node', '@types/mocha', '@types/chai']) {
    mkdirSync(dirname(join(packages, name)), { recursive: true });
    symlinkSync(join(project, 'node_modules', name), join(packages, name));
  }
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const compilerOptions = {
    target: 'ES2024',
    module: 'NodeNext',
    strict: true,
    types: ['node', 'mocha'],
    skipLibCheck: false,
  };
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: ['example.ts'] }),
  );
}

/** @throws Error the compiler's complaints */
async function compile(folder: string): Promise<void> {
  const tsc = join(project, 'node_modules/typescript/bin/tsc');
  await run(process.execPath, [tsc, '-p', folder]).catch((error: { stdout: string }) => {
    throw new Error(error.stdout);
  });
}

/** The first block of TypeScript. */
function exampleOf(markdown: string): string {
  const [, program] = /```ts\n(.*?)```/s.exec(markdown) ?? [];
  if (!program) throw new Error('no example');
  return program;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * Lets a cache find out that this Redis is new. Caches store nothing there for the next 15 s, which pass while
 * the archive is made and while other tests run.
 */
async function knowCache(url: string): Promise<void> {
  const commands = createClient({ url });
  const subscriber = commands.duplicate();
  await Promise.all([commands.connect(), subscriber.connect()]);
  const { redis } = await sharedCache({ commands, subscriber });
  redis.close();
  for (const client of [commands, subscriber]) client.destroy();
}

async function keysOf(url: string): Promise<string[]> {
  const client = createClient({ url });
  await client.connect();
  try {
    return await client.keys('*');
  } finally {
    client.destroy();
  }
}
