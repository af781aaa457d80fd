import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { findExecutable } from '../../../src/experiments/support/find-executable.js';
import { withConnection } from '../../../tools/servers/mysql/mysql-connection.js';
import { installPackage } from '../../../tools/servers/sources/debian-package.js';

/** Writes a dump while others write, as docs/operations/backup.md describes it. */
export async function dump(url: string, file: string): Promise<void> {
  const program = await find(['mariadb-dump', 'mysqldump']);
  const out = openSync(file, 'wx', 0o600);
  const options = ['--single-transaction', '--no-tablespaces', '--default-character-set=utf8mb4'];
  await run(program, [...options, databaseOf(url)], url, ['ignore', out]).finally(() =>
    closeSync(out),
  );
}

/** Replaces the database by the content of the dump. */
export async function load(url: string, file: string): Promise<void> {
  const program = await find(['mariadb', 'mysql']);
  const name = databaseOf(url);
  await withConnection(url, async (connection) => {
    await connection.query(`DROP DATABASE \`${name}\``);
    await connection.query(`CREATE DATABASE \`${name}\` CHARACTER SET utf8mb4`);
  });
  const input = openSync(file, 'r');
  const options = ['--default-character-set=utf8mb4'];
  await run(program, [...options, name], url, [input, 'ignore']).finally(() => closeSync(input));
}

function databaseOf(url: string): string {
  return new URL(url).pathname.slice(1);
}

/** @throws Error this machine has none of the programs */
async function find(names: readonly string[]): Promise<string> {
  const first = () => names.map(findExecutable).find((file) => file !== undefined);
  const found = first() ?? ((await installPackage('mariadb-client')) ? first() : undefined);
  if (!found) throw new Error(`install ${names.join(' or ')}: the test makes a backup with it`);
  return found;
}

async function run(
  program: string,
  args: readonly string[],
  url: string,
  [input, output]: readonly ['ignore' | number, 'ignore' | number],
): Promise<void> {
  const { hostname, port, username, password } = new URL(url);
  const server = [
    '--no-defaults',
    '--protocol=tcp',
    `--host=${hostname}`,
    `--port=${port || 3306}`,
  ];
  const child = spawn(program, [...server, `--user=${decodeURIComponent(username)}`, ...args], {
    stdio: [input, output, 'pipe'],
    // Not an argument, which other users of the machine can read.
    env: { ...process.env, MYSQL_PWD: decodeURIComponent(password) },
  });
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${complaint.trim()}`);
}
