import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from './project-root.mjs';

/** Every file that a build of `folders` is made from, as paths relative to the project, sorted. */
export function sourceFiles(folders) {
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

/** Where the build puts what it makes of `source`: compiled when TypeScript, else copied. */
export function outputOf(source) {
  return path.join('dist', source.replace(/(?<!\.d)\.ts$/, '.js'));
}

/** One hash over all sources and over what else decides the output. */
export function hashSources(files) {
  const hash = createHash('sha256');
  for (const file of [...files, 'tsconfig.json', 'package.json', 'package-lock.json']) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(projectRoot, file)))
      .update('\0');
  }
  return hash.digest('hex');
}
