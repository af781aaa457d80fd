import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { kafkaJars } from '../servers/kafka/kafka-jars.mjs';
import { during, LaunchError, projectRoot, runCommand } from './console.mjs';

const installed = path.join(projectRoot, 'node_modules');

/**
 * The packages that record traces are peer dependencies: 17 MB that only a traced instance needs. npm
 * marks in the lock file what only peers need.
 */
const { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT } = process.env;
const isTraced = Boolean(OTEL_EXPORTER_OTLP_ENDPOINT || OTEL_EXPORTER_OTLP_TRACES_ENDPOINT);
const serviceOnly = ['--omit=dev', '--workspaces=false', ...(isTraced ? [] : ['--omit=peer'])];

/**
 * Whether node_modules holds what package-lock.json asks for.
 *
 * As its last step npm writes a lock file of what it installed. Both files are compared, so an
 * installation by hand counts, and an interrupted one does not.
 *
 * @param {'service' | 'all'} scope
 */
export function isInstalled(scope) {
  const wanted = readPackages(path.join(projectRoot, 'package-lock.json'));
  const present = readPackages(path.join(installed, '.package-lock.json'));
  if (!wanted || !present) return false;
  const isNeeded = (entry) =>
    !entry.optional &&
    (scope === 'all' || !(entry.dev || entry.devOptional || (entry.peer && !isTraced)));
  return Object.entries(wanted)
    .filter(
      ([location, entry]) => location.includes('node_modules/') && !entry.link && isNeeded(entry),
    )
    .every(([location, entry]) => present[location]?.version === entry.version);
}

/**
 * Installs what the lockfile names. `npm ci` empties the folder first. So when a folder exists
 * already, `npm install` adds to it: a running service keeps its packages.
 *
 * @param {'service' | 'all'} scope
 */
export async function install(scope) {
  const what = scope === 'service' ? 'what the service needs' : 'everything';
  const mode = existsSync(installed) ? ['install', '--no-save'] : ['ci'];
  // The workspaces are the benchmarks' and the client generator's.
  const packages = scope === 'service' ? serviceOnly : ['--include=dev'];
  await runNpm([...mode, ...packages], `installing ${what} (npm ${mode[0]}), needed once`);
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

const REQUIRED_MAJOR = 24;
/** The Kafka client needs it. */
const REQUIRED_MINOR = 6;
const folder = path.join(projectRoot, 'tools', 'node-24');
const fetched = path.join(folder, 'node_modules', 'node', 'bin', 'node');
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const isNewEnough = major > REQUIRED_MAJOR || (major === REQUIRED_MAJOR && minor >= REQUIRED_MINOR);

export function hasNode24() {
  return isNewEnough || existsSync(fetched);
}

/** Installs Node 24 as a package, on a machine with an older Node. */
export async function installNode24() {
  await runNpm(['ci'], `fetching Node ${REQUIRED_MAJOR}, since this is ${process.version}`, folder);
}

/** The Node.js that runs everything. */
export function findNode24() {
  return isNewEnough ? process.execPath : fetched;
}

const run = promisify(execFile);

/** Options of commands that do not need Kafka's jars. */
const WITHOUT = ['--without-kafka', '--docker'];
const ADDRESSES = ['KAFKA_BROKERS', 'TEST_KAFKA_BROKERS'];

/**
 * Fetches Kafka's jars while a fresh clone installs its packages. A failure is ignored here: the start of
 * Kafka fetches what is still missing, and reports errors.
 */
export async function fetchKafkaAhead(args) {
  if (isInstalled('all') || args.some((word) => WITHOUT.includes(word))) return;
  if (ADDRESSES.some((name) => process.env[name]) || (await hasDocker())) return;
  await kafkaJars().catch(() => {});
}

function hasDocker() {
  return run('docker', ['info'], { timeout: 5_000 }).then(
    () => true,
    () => false,
  );
}

const QUIET = ['--no-audit', '--no-fund', '--loglevel=error'];

/** Runs npm in `folder`; a progress line says `what` it is for. */
async function runNpm(args, what, folder = projectRoot) {
  const code = await during(what, () =>
    runCommand('npm', [...args, ...QUIET], {
      cwd: folder,
      shell: process.platform === 'win32',
    }).catch((error) => {
      throw new LaunchError(`npm cannot be run: ${error.message}`, { cause: error });
    }),
  );
  if (code !== 0) {
    throw new LaunchError(`npm ${args[0]} failed with exit code ${code}; its output is above`);
  }
}
