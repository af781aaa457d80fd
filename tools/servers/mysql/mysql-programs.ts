import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { ServerUnavailableError } from '../server.js';
import type { ProgramPlace, ServerProgram } from '../server-kind.js';

const run = promisify(execFile);

/** MariaDB if it is installed, else MySQL. Both accept `flags`. */
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
    // In a shared folder, a starting server would remove tables of another server.
    `--tmpdir=${place.folder}`,
    // Relative to the data folder, since the path of a socket is limited to about 100 characters.
    '--socket=socket',
    `--pid-file=${path.join(place.folder, 'pid')}`,
    `--init-file=${writeAccessFile(place, password)}`,
    '--skip-name-resolve',
  ];
}

/** `--no-defaults` must come first; it ignores the configuration of the machine. */
function ownArguments({ data }: ProgramPlace): string[] {
  const isRoot = process.getuid?.() === 0;
  return ['--no-defaults', `--datadir=${data}`, ...(isRoot ? ['--user=root'] : [])];
}

async function create(place: ProgramPlace, name: string, args: readonly string[]): Promise<void> {
  const executable = place.executables[name] ?? name;
  // In a shared folder for temporary files, servers that start would remove each other's.
  const env = { ...process.env, TMPDIR: place.folder };
  await run(executable, [...ownArguments(place), ...args], { env }).catch((error: unknown) => {
    const { message } = error as Error;
    const lines = message.trim().split('\n');
    const reason = lines.find((line) => line.includes('[ERROR]')) ?? lines.at(-1);
    throw new ServerUnavailableError(`${name} could not create a database: ${reason}`);
  });
}

/** Runs at each start, so that access is the same with new and with existing data. */
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
