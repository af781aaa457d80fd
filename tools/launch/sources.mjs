import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from './project-root.mjs';

const FOLDERS = ['src', 'test', 'tools', 'bench'];

/** Every file the build is made from, as paths relative to the project, sorted. */
export function sourceFiles(root = projectRoot) {
  return FOLDERS.filter((folder) => existsSync(path.join(root, folder)))
    .flatMap((folder) => filesUnder(root, folder))
    .sort();
}

function filesUnder(root, folder) {
  return readdirSync(path.join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name)));
}

/** Where the build puts what it makes of `source`: compiled when TypeScript, else copied. */
export function outputOf(source) {
  return path.join('dist', source.replace(/(?<!\.d)\.ts$/, '.js'));
}

/** One hash over all sources and over what else decides the output. */
export function hashSources(files, root = projectRoot) {
  const hash = createHash('sha256');
  for (const file of [...files, 'tsconfig.json', 'package.json', 'package-lock.json']) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}
