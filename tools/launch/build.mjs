import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { during, LaunchError, projectRoot, runCommand } from './console.mjs';

const inProject = (file) => path.join(projectRoot, file);

/** What each scope builds: `all` checks types, `service` only compiles. */
const BUILDS = {
  service: {
    folders: ['src'],
    config: 'tools/launch/tsconfig.service.json',
    stamp: inProject('dist/.built-service'),
  },
  all: {
    folders: ['src', 'test', 'tools', 'bench'],
    config: 'tsconfig.json',
    stamp: inProject('dist/.built'),
  },
};

/** Whether dist/ is up to date. Writes nothing. */
export function isBuilt(scope) {
  return isStamped(scope) || (scope === 'service' && isStamped('all'));
}

/** Compiles, copies all other files, and removes outputs without a source. */
export async function build(scope) {
  await during('building', () => compile(BUILDS[scope]));
}

async function compile({ folders, config, stamp }) {
  const sources = sourceFiles(folders);
  const hash = hashSources(sources);
  // The old stamps are removed first, since a failed build changes the output too.
  for (const build of Object.values(BUILDS)) rmSync(build.stamp, { force: true });
  // The compiler writes only what changed, so missing outputs need a full build.
  if (!isComplete(sources)) rmSync(inProject('dist/.tsbuildinfo'), { force: true });
  const compiler = inProject('node_modules/typescript/bin/tsc');
  const code = await runCommand(process.execPath, [compiler, '-p', config], { cwd: projectRoot });
  copyAssets(sources);
  for (const folder of folders) removeOrphans(folder, sources);
  if (code !== 0) throw new LaunchError('the build failed; the errors are above');
  writeFileSync(stamp, hash);
}

function isStamped(scope) {
  const { folders, stamp } = BUILDS[scope];
  const sources = sourceFiles(folders);
  return readStamp(stamp) === hashSources(sources) && isComplete(sources);
}

function readStamp(stamp) {
  return existsSync(stamp) ? readFileSync(stamp, 'utf8') : undefined;
}

function isComplete(sources) {
  return sources.every((source) => existsSync(inProject(outputOf(source))));
}

function copyAssets(sources) {
  for (const source of sources.filter((file) => !file.endsWith('.ts'))) {
    cpSync(inProject(source), inProject(outputOf(source)));
  }
}

/** Removes outputs without a source, so that deleted tests do not run. */
function removeOrphans(folder, sources) {
  const expected = new Set(sources.map(outputOf));
  const output = inProject(path.join('dist', folder));
  for (const entry of readdirSync(output, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const file = path.relative(projectRoot, path.join(entry.parentPath ?? entry.path, entry.name));
    if (!expected.has(file.replace(/\.map$/, ''))) rmSync(inProject(file));
  }
}

/** All files that a build of `folders` reads, as sorted paths relative to the project. */
function sourceFiles(folders) {
  return folders
    .filter((folder) => existsSync(path.join(projectRoot, folder)))
    .flatMap((folder) => filesUnder(folder))
    .sort();
}

function filesUnder(folder) {
  return readdirSync(path.join(projectRoot, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => !file.includes(`${path.sep}node_modules${path.sep}`))
    .map((file) => path.relative(projectRoot, file));
}

/** The output of `source`: compiled TypeScript, or a copy. */
function outputOf(source) {
  return path.join('dist', source.replace(/(?<!\.d)\.ts$/, '.js'));
}

/** A hash of all sources and of the files that configure the build. */
function hashSources(files) {
  const hash = createHash('sha256');
  for (const file of [...files, 'tsconfig.json', 'package.json', 'package-lock.json']) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(projectRoot, file)))
      .update('\0');
  }
  return hash.digest('hex');
}
