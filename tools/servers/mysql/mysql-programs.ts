import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { ServerUnavailableError } from '../server.js';
import type { ProgramPlace, ServerProgram } from '../server-kind.js';

const run = promisify(execFile);

/** MariaDB where it is installed, else MySQL. `flags` are those that both understand. */
export function mysqlPrograms(password: string, flags: readonly string[]): ServerProgram[] {
  return [
    {
      name: 'mariadbd',
      companions: ['mariadb-install-db'],
      createData: (place) =>
        create(place, 'mariadb-install-db', [
          '--auth-root-authentication-method=normal',
          '--skip-test-db',
        ]),
      argumentsFor: (place) => [...argumentsFor(place, password), ...flags],
    },
    {
      name: 'mysqld',
      createData: (place) => create(place, 'mysqld', ['--initialize-insecure']),
      argumentsFor: (place) => [...argumentsFor(place, password), '--mysqlx=OFF', ...flags],
    },
  ];
}

function argumentsFor(place: ProgramPlace, password: string): string[] {
  return [
    ...ownArguments(place),
    '--bind-address=127.0.0.1',
    `--port=${place.port}`,
    // A server that starts removes what it takes for its own left-over tables from a shared one.
    `--tmpdir=${place.folder}`,
    // Relative to the data, since the path of a socket must stay under about 100 characters.
    '--socket=socket',
    `--pid-file=${path.join(place.folder, 'pid')}`,
    `--init-file=${writeAccessFile(place, password)}`,
    '--skip-name-resolve',
  ];
}

/** `--no-defaults` must stand first: the machine's own configuration is for the machine's own server. */
function ownArguments({ data }: ProgramPlace): string[] {
  const isRoot = process.getuid?.() === 0;
  return ['--no-defaults', `--datadir=${data}`, ...(isRoot ? ['--user=root'] : [])];
}

async function create(place: ProgramPlace, name: string, args: readonly string[]): Promise<void> {
  const executable = place.executables[name] ?? name;
  await run(executable, [...ownArguments(place), ...args]).catch((error: unknown) => {
    const { message } = error as Error;
    const lines = message.trim().split('\n');
    const reason = lines.find((line) => line.includes('[ERROR]')) ?? lines.at(-1);
    throw new ServerUnavailableError(`${name} could not create a database: ${reason}`);
  });
}

/** Run at each start, so that access is the same on new data and old. */
function writeAccessFile({ folder }: ProgramPlace, password: string): string {
  const file = path.join(folder, 'access.sql');
  const user = `'root'@'127.0.0.1'`;
  const statements = [
    `CREATE USER IF NOT EXISTS ${user};`,
    `ALTER USER ${user} IDENTIFIED BY '${password}';`,
    `GRANT ALL ON *.* TO ${user} WITH GRANT OPTION;`,
    'CREATE DATABASE IF NOT EXISTS lockstep;',
  ];
  writeFileSync(file, statements.join('\n'), { mode: 0o600 });
  return file;
}
