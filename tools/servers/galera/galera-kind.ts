import { execFile } from 'node:child_process';
import { chownSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { askMysql } from '../mysql/mysql-connection.js';
import { mysqlKind } from '../mysql/mysql-kind.js';
import { ServerUnavailableError } from '../server.js';
import type { ProgramPlace, ServerKind } from '../server-kind.js';
import { installPackage } from '../sources/debian-package.js';

const run = promisify(execFile);

/** Where Debian, Red Hat and builds from source put the library that replicates. */
const PROVIDERS = [
  '/usr/lib/galera/libgalera_smm.so',
  '/usr/lib64/galera-4/libgalera_smm.so',
  '/usr/lib/libgalera_smm.so',
];
const PACKAGE = 'galera-4';

/** A member of a Galera cluster on the loopback address. */
export interface GaleraMember {
  /** From 1. The first member creates the cluster, the others copy its data. */
  readonly number: number;
  readonly password: string;
  /** The account without a password, and without rights, that asks for the state. */
  readonly watcher: string;
  /** Ports of the members for their group, by the order of their numbers. */
  readonly groupPorts: readonly number[];
  /** Ports at which this member receives a copy: of missing writes, and of all data. */
  readonly copyPorts: readonly [writes: number, all: number];
}

/** How to start one member: it is ready when it has all data and takes writes. */
export function galeraKind(member: GaleraMember): ServerKind {
  const provider = { path: '' };
  const start = { isFirst: false, position: [] as string[] };
  const args = (place: ProgramPlace) => [
    ...serverArguments(place),
    ...replicationArguments(member, provider.path),
  ];
  const { image } = mysqlKind({});
  return {
    title: `Galera member ${member.number}`,
    slug: `galera-${member.number}`,
    variable: 'TEST_DATABASE_URL',
    image,
    programs: [
      {
        name: 'mariadbd',
        companions: ['mariadb-install-db', 'rsync'],
        createData: async (place) => {
          provider.path = await findProvider();
          start.isFirst = member.number === 1;
          await giveToAccount(place);
          if (start.isFirst) await createTables(place, member);
        },
        beforeStart: async (place) => {
          start.position = start.isFirst
            ? ['--wsrep-new-cluster']
            : await savedPosition(place, args);
          start.isFirst = false;
        },
        argumentsFor: (place) => [...args(place), ...start.position],
      },
    ],
    debianPackage: 'mariadb-server galera-4 rsync',
    urlFor: (host, port) => `mysql://root:${member.password}@${host}:${port}/lockstep`,
    ping: expectSynced,
  };
}

async function findProvider(): Promise<string> {
  const find = () => PROVIDERS.find((file) => existsSync(file));
  const found = find() ?? ((await installPackage(PACKAGE)) ? find() : undefined);
  if (found) return found;
  throw new ServerUnavailableError(
    `Galera is needed: install it (Debian, Ubuntu: apt-get install ${PACKAGE})`,
  );
}

/** rsync gives up its rights when root starts it, and then cannot write, so root starts all as `mysql`. */
const isRoot = process.getuid?.() === 0;
const ACCOUNT = 'mysql';

async function giveToAccount({ folder, data }: ProgramPlace): Promise<void> {
  if (!isRoot) return;
  const ids = await Promise.all(
    ['-u', '-g'].map((which) => run('id', [which, ACCOUNT]).then(({ stdout }) => Number(stdout))),
  ).catch(() => {
    throw new ServerUnavailableError(
      'Galera needs the account mysql: apt-get install mariadb-server',
    );
  });
  const [user = 0, group = 0] = ids;
  for (const each of [folder, data]) chownSync(each, user, group);
}

async function createTables(
  place: ProgramPlace,
  { password, watcher }: GaleraMember,
): Promise<void> {
  const file = path.join(place.folder, 'access.sql');
  const statements = [
    'FLUSH PRIVILEGES;',
    `CREATE OR REPLACE USER 'root'@'127.0.0.1' IDENTIFIED BY '${password}';`,
    `GRANT ALL ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;`,
    `CREATE USER '${watcher}'@'127.0.0.1';`,
    'CREATE DATABASE lockstep CHARACTER SET utf8mb4;',
  ];
  writeFileSync(file, `${statements.join('\n')}\n`, { mode: 0o600 });
  const program = place.executables['mariadb-install-db'] ?? 'mariadb-install-db';
  const args = [
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    `--extra-file=${file}`,
  ];
  const env = { ...process.env, TMPDIR: place.folder };
  await run(program, [...dataArguments(place), ...args], { env }).catch((error: Error) => {
    throw new ServerUnavailableError(`${program} could not create a database: ${error.message}`);
  });
}

function dataArguments({ data }: ProgramPlace): string[] {
  return ['--no-defaults', `--datadir=${data}`, ...(isRoot ? [`--user=${ACCOUNT}`] : [])];
}

function serverArguments(place: ProgramPlace): string[] {
  return [
    ...dataArguments(place),
    '--bind-address=127.0.0.1',
    `--port=${place.port}`,
    `--tmpdir=${place.folder}`,
    '--socket=socket',
    `--pid-file=${path.join(place.folder, 'pid')}`,
    '--skip-name-resolve',
    ...GALERA_ARGUMENTS,
  ];
}

/** Arguments of every member; docker/compose.replicated.yml has the same. */
export const GALERA_ARGUMENTS = [
  '--max-connections=500',
  '--character-set-server=utf8mb4',
  '--innodb-buffer-pool-size=128M',
  '--innodb-log-file-size=32M',
  '--innodb-flush-log-at-trx-commit=2',
  // Galera replicates rows, and its members give out numbers that do not meet.
  '--binlog-format=ROW',
  '--innodb-autoinc-lock-mode=2',
  '--wsrep-on=ON',
  '--wsrep-cluster-name=lockstep',
  '--wsrep-sst-method=rsync',
];

/**
 * No write is possible until a silent member is excluded. By default Galera waits 5 s,
 * because it may run over long distances. These members are on one machine.
 */
const MEMBERSHIP = [
  'evs.keepalive_period=PT0.15S',
  'evs.inactive_check_period=PT0.1S',
  'evs.join_retrans_period=PT0.15S',
  'evs.suspect_timeout=PT0.75S',
  'evs.inactive_timeout=PT2.25S',
  'evs.install_timeout=PT1.1S',
];

/** Options of the library that replicates; docker/compose.replicated.yml has the same. */
export const PROVIDER_OPTIONS = ['gcache.size=64M', 'gcs.fc_single_primary=yes', ...MEMBERSHIP];

function replicationArguments(
  { number, groupPorts, copyPorts: [writes, all] }: GaleraMember,
  provider: string,
): string[] {
  const options = [
    `gmcast.listen_addr=tcp://127.0.0.1:${groupPorts[number - 1]}`,
    `ist.recv_addr=127.0.0.1:${writes}`,
    ...PROVIDER_OPTIONS,
  ];
  return [
    `--wsrep-provider=${provider}`,
    `--wsrep-cluster-address=gcomm://${groupPorts.map((port) => `127.0.0.1:${port}`).join(',')}`,
    '--wsrep-node-address=127.0.0.1',
    `--wsrep-node-name=galera-${number}`,
    `--wsrep-sst-receive-address=127.0.0.1:${all}`,
    `--wsrep-provider-options=${options.join(';')}`,
  ];
}

/**
 * The last write that a member has. With it a killed member needs only the later writes, without it
 * a copy of all data.
 */
async function savedPosition(
  place: ProgramPlace,
  args: (place: ProgramPlace) => string[],
): Promise<string[]> {
  if (!existsSync(path.join(place.data, 'ibdata1'))) return [];
  const program = place.executables['mariadbd'] ?? 'mariadbd';
  const { stderr } = await run(program, [...args(place), '--wsrep-recover'], {
    maxBuffer: 2 ** 24,
  }).catch(() => ({ stderr: '' }));
  const position = /Recovered position: (\S+)/.exec(stderr)?.[1];
  return position ? [`--wsrep-start-position=${position}`] : [];
}

/** @throws Error the member is not in the cluster, or still lacks writes */
export async function expectSynced(url: string): Promise<void> {
  const row = await askMysql(url, "SHOW GLOBAL STATUS LIKE 'wsrep_local_state_comment'");
  const state: unknown = row?.['Value'];
  if (state !== 'Synced') throw new Error(`the member is ${state ?? 'not replicated'}`);
}
