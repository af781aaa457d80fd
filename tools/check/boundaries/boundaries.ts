import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { cruise, type IConfiguration, type ICruiseResult } from 'dependency-cruiser';
import { projectRoot } from '../../project-root.js';
import { findInlineImportTypes, INLINE_IMPORT_RULE } from './inline-import-types.js';
import { findSchemaImports, SCHEMA_IMPORT_RULE } from './schema-imports.js';
import { readTsxFiles } from './tsx-files.js';
import { readUsingDeclarations } from './using-declarations.js';
import type { Violation } from './violation.js';

readUsingDeclarations();
readTsxFiles();

const FOLDERS = ['src', 'tools', 'test', 'bench', 'lab/src'];

/** The result of the boundary rules for one tree. */
export interface BoundaryReport {
  /** The files under src and lab that were read; empty means that nothing was checked. */
  readonly checked: readonly string[];
  readonly violations: readonly Violation[];
}

/** Applies the project's boundary rules to the tree at `root`, which may be a copy made for a test. */
export async function checkBoundaries(root = projectRoot): Promise<BoundaryReport> {
  const rules = await loadRules();
  const folders = FOLDERS.filter((folder) => existsSync(path.join(root, folder)));
  const { output } = await cruise(
    folders,
    {
      ...rules.options,
      baseDir: root,
      ruleSet: { forbidden: rules.forbidden ?? [] },
      validate: true,
    },
    rules.options?.enhancedResolveOptions,
  );
  const { modules, summary } = output as ICruiseResult;
  const read = modules.map(({ source }) => source);
  const checked = read.filter((file) => /^(src|lab)\//.test(file));
  const cruised = summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }));
  const violations = [
    ...cruised,
    ...findInlineImportTypes(root, checked),
    ...findSchemaImports(root, checked),
  ];
  return { checked, violations };
}

/** The names of all rules, so that a test can require a breaking example of each. */
export async function ruleNames(): Promise<string[]> {
  const { forbidden = [] } = await loadRules();
  return [...forbidden.map(({ name }) => name ?? ''), INLINE_IMPORT_RULE, SCHEMA_IMPORT_RULE];
}

async function loadRules(): Promise<IConfiguration> {
  const file = path.join(projectRoot, '.dependency-cruiser.mjs');
  const { default: rules } = (await import(pathToFileURL(file).href)) as {
    default: IConfiguration;
  };
  return rules;
}
