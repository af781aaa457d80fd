import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createClient } from '@redis/client';
import { findExecutable } from '../../../src/experiments/support/find-executable.js';
import { eventually } from '../../../tools/servers/eventually.js';
import { findFreePort } from '../../../tools/servers/free-port.js';
import { ServerProcess } from '../../../tools/servers/processes/server-process.js';
import type { Authority, Certificate } from './certificates.js';

export interface SecuredSentinel extends AsyncDisposable {
  /** The format of `REDIS_SENTINELS`. */
  readonly address: string;
  readonly masterName: string;
}

/**
 * One sentinel that listens with TLS only, and that connects to its master with TLS at this port.
 */
export async function startSentinel(
  authority: Authority,
  own: Certificate,
  masterPort: number,
): Promise<SecuredSentinel> {
  const masterName = 'lockstep';
  const port = await findFreePort();
  const file = path.join(authority.path, `sentinel-${port}.conf`);
  const lines = [
    'bind 127.0.0.1',
    'port 0',
    `tls-port ${port}`,
    `tls-ca-cert-file ${authority.ca}`,
    `tls-cert-file ${own.cert}`,
    `tls-key-file ${own.key}`,
    'tls-auth-clients no',
    'tls-replication yes',
    `dir ${authority.path}`,
    `sentinel monitor ${masterName} 127.0.0.1 ${masterPort} 1`,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const program = findExecutable('redis-server');
  if (!program) throw new Error('a sentinel needs a redis-server on the PATH');
  const process = new ServerProcess(program, [file, '--sentinel'], `${file}.log`);
  const close = () => process.stop('SIGKILL');
  try {
    await eventually(() => knowsMaster(port, masterName), { signal: process.ended });
    return { address: `127.0.0.1:${port}`, masterName, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function knowsMaster(port: number, name: string): Promise<void> {
  const socket = { port, tls: true as const, rejectUnauthorized: false };
  const client = createClient({
    socket: { ...socket, host: '127.0.0.1', reconnectStrategy: false },
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const reply = Object(await client.sendCommand(['SENTINEL', 'MASTER', name])) as object;
    if (!Object.values(reply).includes('master')) throw new Error('it does not reach its master');
  } finally {
    client.destroy();
  }
}
