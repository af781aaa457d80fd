import { existsSync } from 'node:fs';
import path from 'node:path';

/** The folder that holds package.json, seen from the compiled file or from the source. */
export const projectRoot = findUpwards(import.meta.dirname);

/** The program of an instance, in the folder of a built version. */
export function serviceProgram(folder = projectRoot): string {
  return path.join(folder, 'dist', 'src', 'main.js');
}

function findUpwards(folder: string): string {
  return existsSync(path.join(folder, 'package.json')) ? folder : findUpwards(path.dirname(folder));
}
