import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { findExecutable } from '../../../src/experiments/support/find-executable.js';
import { eventually } from '../eventually.js';
import { findFreePort } from '../free-port.js';
import { type Server, ServerUnavailableError } from '../server.js';
import { ServerProcess } from '../server-process.js';
import { TemporaryFolder } from '../temporary-folder.js';
import { askRedis } from './ask-redis.js';
import { startRedis } from './start-redis.js';

const SENTINELS = 3;
const QUORUM = 2;
const READY_TIMEOUT_MS = 30_000;

/** A master, its replica, and the sentinels that promote the replica when the master is down. */
export interface RedisSentinels extends AsyncDisposable {
  readonly masterName: string;
  readonly sentinels: readonly { readonly host: string; readonly port: number }[];
  /** Port of the first sentinel. */
  readonly master: Server;
  readonly replica: Server;
  close(): Promise<void>;
}

/**
 * Starts `redis-server` processes on free loopback ports. A master that is down for half a second is
 * replaced.
 *
 * @throws ServerUnavailableError none can be started
 */
export async function startRedisSentinels(): Promise<RedisSentinels> {
  const masterName = 'lockstep';
  await using opened = new AsyncDisposableStack();
  const master = opened.use(await startRedis({ sources: ['binary'] }));
  const replica = opened.use(await startRedis({ sources: ['binary'] }));
  const { port: masterPort } = new URL(master.url);
  await askRedis(replica.url, ['REPLICAOF', '127.0.0.1', masterPort]);
  const folder = new TemporaryFolder('sentinel');
  opened.defer(() => folder.close());
  const sentinels = [];
  for (let i = 0; i < SENTINELS; i += 1) {
    const port = await findFreePort();
    const process = startSentinel(folder.path, port, masterName, masterPort);
    opened.defer(() => process.stop('SIGKILL'));
    sentinels.push({ host: '127.0.0.1', port });
  }
  for (const { port } of sentinels) {
    await eventually(() => expectWhole(port, masterName), { withinMs: READY_TIMEOUT_MS });
  }
  const owned = opened.move();
  const close = () => owned.disposeAsync();
  return { masterName, sentinels, master, replica, close, [Symbol.asyncDispose]: close };
}

function startSentinel(folder: string, port: number, name: string, masterPort: string) {
  const program = findExecutable('redis-server');
  if (!program) throw new ServerUnavailableError('sentinels need a redis-server on the PATH');
  // Sentinels write what they learn to their configuration file.
  const file = path.join(folder, `${port}.conf`);
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    `dir ${folder}`,
    `sentinel monitor ${name} 127.0.0.1 ${masterPort} ${QUORUM}`,
    `sentinel down-after-milliseconds ${name} 500`,
    `sentinel failover-timeout ${name} 2000`,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  return new ServerProcess(program, [file, '--sentinel'], path.join(folder, `${port}.log`));
}

/** Resolves once the sentinel knows the replica, which is in sync, and both other sentinels. */
async function expectWhole(port: number, name: string): Promise<void> {
  const reply = await askRedis(`redis://127.0.0.1:${port}`, ['SENTINEL', 'MASTER', name]);
  const facts = Object(reply) as Record<string, unknown>;
  const isWhole =
    facts['flags'] === 'master' &&
    Number(facts['num-slaves']) === 1 &&
    Number(facts['num-other-sentinels']) === SENTINELS - 1;
  if (!isWhole) throw new Error(`sentinel ${port} does not know all yet`);
  const [replica] = Object(
    await askRedis(`redis://127.0.0.1:${port}`, ['SENTINEL', 'REPLICAS', name]),
  ) as Record<string, unknown>[];
  if (replica?.['master-link-status'] !== 'ok') throw new Error('the replica is not in sync yet');
}
