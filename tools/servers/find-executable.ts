import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** Where Debian puts servers, which is not on the PATH of users other than root. */
const SYSTEM_FOLDERS = ['/usr/sbin', '/usr/local/sbin'];

/** Full path of the executable `name`, undefined when there is none on the PATH. */
export function findExecutable(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return [...folders, ...SYSTEM_FOLDERS]
    .map((folder) => path.join(folder, name))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
