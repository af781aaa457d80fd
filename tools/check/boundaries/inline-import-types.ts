import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Violation } from './violation.js';

export const INLINE_IMPORT_RULE = 'no-inline-import-type';

/** A dynamic import is always awaited; `import('…')` without `await` is a type. */
const INLINE_IMPORT_TYPE = /(?<!\bawait\s)\bimport\(\s*['"`]([^'"`]+)['"`]/g;

/** Finds inline import types. The cruiser does not see all of them, so they are not allowed. */
export function findInlineImportTypes(root: string, files: readonly string[]): Violation[] {
  return files.flatMap((from) =>
    [...readFileSync(path.join(root, from), 'utf8').matchAll(INLINE_IMPORT_TYPE)].map((match) => ({
      rule: INLINE_IMPORT_RULE,
      from,
      to: match[1] ?? '',
    })),
  );
}
