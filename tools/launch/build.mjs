import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LaunchError, say } from './failure.mjs';
import { projectRoot } from './project-root.mjs';
import { runCommand } from './run-command.mjs';
import { hashSources, outputOf, sourceFiles } from './sources.mjs';

const output = path.join(projectRoot, 'dist');
const stamp = path.join(output, '.built');
const inProject = (file) => path.join(projectRoot, file);

/** Whether dist/ holds exactly what the sources give; reads only. */
export function isBuilt() {
  const sources = sourceFiles();
  return readStamp() === hashSources(sources) && isComplete(sources);
}

/** Compiles, copies what is no TypeScript, and removes what no longer has a source. */
export async function build() {
  say('building');
  const sources = sourceFiles();
  const hash = hashSources(sources);
  // A build that fails half-way has changed the output that the old stamp vouches for.
  rmSync(stamp, { force: true });
  // The compiler writes only what changed since its last run, so it must not trust holes.
  if (!isComplete(sources)) rmSync(path.join(output, '.tsbuildinfo'), { force: true });
  const compiler = inProject('node_modules/typescript/bin/tsc');
  const code = await runCommand(process.execPath, [compiler, '-p', '.'], { cwd: projectRoot });
  copyAssets(sources);
  removeOrphans(sources);
  if (code !== 0) throw new LaunchError('the build failed; the errors are above');
  writeFileSync(stamp, hash);
}

function readStamp() {
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
function removeOrphans(sources) {
  const expected = new Set(sources.map(outputOf));
  for (const entry of readdirSync(output, { withFileTypes: true, recursive: true })) {
    const file = path.relative(projectRoot, path.join(entry.parentPath ?? entry.path, entry.name));
    const isRoot = path.dirname(file) === 'dist';
    if (!entry.isFile() || isRoot) continue;
    if (!expected.has(file.replace(/\.map$/, ''))) rmSync(inProject(file));
  }
}
