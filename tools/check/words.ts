import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { COVERED, NOT_COVERED, REFUSED_WORDS, type RefusedWord } from './refused-words.js';

/** A refused word in a line of a file; line 0 is the file's own path. */
export interface RefusedUse {
  readonly file: string;
  readonly line: number;
  readonly word: string;
  readonly use: string;
}

const TEXTS = /\.(?:tsx?|mts|mjs|js|lua|md|py|http|sh|yml|template)$|^Dockerfile$/;

/** What the check of words found in one tree. */
export interface WordReport {
  /** How many files were read; 0 means that nothing was checked. */
  readonly checked: number;
  readonly found: readonly RefusedUse[];
}

/** Looks for refused words in the tree at `root`, in file names and in each line. */
export function checkWords(
  root: string,
  covered: readonly string[] = COVERED,
  excluded: readonly string[] = NOT_COVERED,
): WordReport {
  const files = covered
    .flatMap((entry) => filesAt(root, entry))
    .filter((file) => !excluded.some((entry) => isWithin(file, entry)));
  return { checked: files.length, found: files.flatMap((file) => refusedIn(root, file)) };
}

function filesAt(root: string, entry: string): string[] {
  const target = path.join(root, entry);
  if (statSync(target).isFile()) return [entry];
  return readdirSync(target, { withFileTypes: true, recursive: true })
    .filter((found) => found.isFile() && TEXTS.test(found.name))
    .map((found) => path.relative(root, path.join(found.parentPath, found.name)))
    .filter((file) => !file.split(path.sep).includes('node_modules'))
    .sort();
}

function refusedIn(root: string, file: string): RefusedUse[] {
  const words = REFUSED_WORDS.filter(({ only }) => !only || only.some((at) => isWithin(file, at)));
  const lines = [file, ...readFileSync(path.join(root, file), 'utf8').split('\n')];
  return lines.flatMap((text, line) => refusedUses(words, { file, line, text }));
}

function refusedUses(
  words: readonly RefusedWord[],
  { file, line, text }: { readonly file: string; readonly line: number; readonly text: string },
): RefusedUse[] {
  return words.flatMap(({ pattern, use }) => {
    const word = pattern.exec(text)?.[0];
    return word === undefined ? [] : [{ file, line, word, use }];
  });
}

function isWithin(file: string, entry: string): boolean {
  return file === entry || file.startsWith(`${entry}/`);
}
