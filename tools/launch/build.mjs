import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LaunchError } from './failure.mjs';
import { during } from './install/progress.mjs';
import { projectRoot } from './project-root.mjs';
import { runCommand } from './run-command.mjs';
import { hashSources, outputOf, sourceFiles } from './sources.mjs';

const inProject = (file) => path.join(projectRoot, file);

/** What is built for each scope: `all` checks types too, `service` only compiles. */
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

/** Whether dist/ holds exactly what the sources give; reads only. */
export function isBuilt(scope) {
  return isStamped(scope) || (scope === 'service' && isStamped('all'));
}

/** Compiles, copies what is no TypeScript, and removes what no longer has a source. */
export async function build(scope) {
  await during('building', () => compile(BUILDS[scope]));
}

async function compile({ folders, config, stamp }) {
  const sources = sourceFiles(folders);
  const hash = hashSources(sources);
  // A build that fails half-way has changed the output that the old stamps vouch for.
  for (const build of Object.values(BUILDS)) rmSync(build.stamp, { force: true });
  // The compiler writes only what changed since its last run, so it must not trust holes.
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

/** A test whose source is gone must not run on. */
function removeOrphans(folder, sources) {
  const expected = new Set(sources.map(outputOf));
  const output = inProject(path.join('dist', folder));
  for (const entry of readdirSync(output, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const file = path.relative(projectRoot, path.join(entry.parentPath ?? entry.path, entry.name));
    if (!expected.has(file.replace(/\.map$/, ''))) rmSync(inProject(file));
  }
}
