import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../project-root.js';

const IMPORT = /(?:from|import)\s*\(?\s*'(\.[^']+)'/g;
/** A suite that a test of planted faults runs in a process of its own. */
const SUITE = /'(test\/[^']+\.js)'/g;
const BUILT = 'dist';

/**
 * All files that a built test file imports or runs as a suite, and the file itself; paths are relative to the
 * project.
 */
export function importsOf(testFile: string): ReadonlySet<string> {
  const found = new Set<string>();
  collect(path.resolve(projectRoot, testFile), found);
  return new Set([...found].map((file) => path.relative(projectRoot, file)));
}

function collect(file: string, found: Set<string>): void {
  // A test may contain source text with imports of files that do not exist.
  if (found.has(file) || !existsSync(file)) return;
  found.add(file);
  const text = readFileSync(file, 'utf8');
  for (const [, imported = ''] of text.matchAll(IMPORT)) {
    collect(path.resolve(path.dirname(file), imported), found);
  }
  for (const [, suite = ''] of text.matchAll(SUITE)) {
    collect(path.join(projectRoot, BUILT, suite), found);
  }
}
