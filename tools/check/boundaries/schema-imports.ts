import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Violation } from './violation.js';

export const SCHEMA_IMPORT_RULE = 'lab-page-imports-schemas-by-type';

/** An import or export that stays at run time; `import type` and `export type` do not. */
const AT_RUN_TIME = /^(?:import|export)\s(?!type\b)[^;]*?'([^']*\/http\/lab\/[^']*-schemas\.js)'/gm;

/**
 * Finds files of the lab's page that import the schemas at run time: their library is large, and the page
 * does not need it. The cruiser does not say which imports are of types only.
 */
export function findSchemaImports(root: string, files: readonly string[]): Violation[] {
  return files
    .filter((file) => file.startsWith('lab/'))
    .flatMap((from) =>
      [...readFileSync(path.join(root, from), 'utf8').matchAll(AT_RUN_TIME)].map(([, to = '']) => ({
        rule: SCHEMA_IMPORT_RULE,
        from,
        to,
      })),
    );
}
