import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs';

const OWNER_ONLY = { file: 0o600, folder: 0o700 };

/** Makes a folder that only its owner may look into. One that exists may hold more than ours. */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: OWNER_ONLY.folder });
}

/** Opens a file for appending; it is made, or narrowed, so that only its owner may read it. */
export function openPrivate(file: string): number {
  const descriptor = openSync(file, 'a', OWNER_ONLY.file);
  narrow(file);
  return descriptor;
}

/** Makes an empty file for its owner alone; what exists is narrowed. */
export function makePrivateFile(file: string): void {
  closeSync(openPrivate(file));
}

/** Takes the others' rights to a file, where it exists and is this user's. */
export function narrow(file: string): void {
  if (!existsSync(file)) return;
  try {
    chmodSync(file, OWNER_ONLY.file);
  } catch (error) {
    // Of another user, or where nothing can be changed: who may use it all the same need not stop.
    if (!['EPERM', 'EROFS'].includes(String((error as NodeJS.ErrnoException).code))) throw error;
  }
}
