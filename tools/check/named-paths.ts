import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A path that a page names and that does not exist. */
export interface MissingPath {
  readonly page: string;
  readonly line: number;
  readonly named: string;
}

/** What the check of paths found in one tree. */
export interface PathReport {
  /** How many paths were looked up; 0 means that nothing was checked. */
  readonly checked: number;
  readonly missing: readonly MissingPath[];
}

const PAGES = ['*.md', 'docs/**/*.md', 'src/**/*.md'];

const LINK = /\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)/g;

/** A path from the root of the repository in code marks, perhaps with a pattern such as `test/*.ts`. */
const IN_CODE = /`((?:src|test|tools|bench|docs|lab|load|docker)\/[^`\s<>…]*)`/g;

/** The aggregate of the examples in CONTRIBUTING.md, and a number that its reader chooses. */
const EXAMPLE = /coupon|NNNN/;

/**
 * Looks up each file and folder that the pages of the tree at `root` name, in links and in code marks. The
 * decisions may name what there was: of them only the links are checked.
 */
export function checkNamedPaths(root: string): PathReport {
  const named = globSync(PAGES, { cwd: root })
    .sort()
    .flatMap((page) => pathsIn(page, readFileSync(path.join(root, page), 'utf8')));
  const missing = named.filter(({ target }) => !exists(root, target));
  return {
    checked: named.length,
    missing: missing.map(({ page, line, named: text }) => ({ page, line, named: text })),
  };
}

interface NamedPath extends MissingPath {
  /** From the root of the tree. */
  readonly target: string;
}

function pathsIn(page: string, text: string): NamedPath[] {
  return text.split('\n').flatMap((row, index) => {
    const at = (named: string, target: string) => ({ page, line: index + 1, named, target });
    const links = [...row.matchAll(LINK)].map(([, link = '']) =>
      at(link, path.join(path.dirname(page), link)),
    );
    if (page.startsWith('docs/decisions/')) return links;
    const inCode = [...row.matchAll(IN_CODE)].map(([, code = '']) => at(code, code));
    return [...links, ...inCode.filter(({ named }) => !EXAMPLE.test(named))];
  });
}

function exists(root: string, target: string): boolean {
  return /[*{]/.test(target)
    ? globSync(target, { cwd: root }).length > 0
    : existsSync(path.join(root, target));
}
