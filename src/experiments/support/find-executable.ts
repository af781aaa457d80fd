import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** Folders where Debian installs servers; they are not on the PATH of users other than root. */
const SYSTEM_FOLDERS = ['/usr/sbin', '/usr/local/sbin'];

/** Full path of the executable `name`, undefined if it is not on the PATH. */
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
