import { createRequire } from 'node:module';

/** Makes dependency-cruiser accept the elements of a `.tsx` file. It calls its parser without this option. */
export function readTsxFiles(): void {
  const swc = createRequire(import.meta.url)('@swc/core') as Parser;
  const parse = swc.parseFileSync;
  swc.parseFileSync = (file, options) =>
    parse.call(swc, file, { ...options, tsx: file.endsWith('.tsx') });
}

interface Parser {
  parseFileSync(file: string, options: object): unknown;
}
