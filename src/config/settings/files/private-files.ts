import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs';

const OWNER_ONLY = { file: 0o600, folder: 0o700 };

/** Creates a folder for its owner only. An existing folder keeps its rights: others may use it. */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: OWNER_ONLY.folder });
}

/** Opens a file to append to it. Only its owner may read it, also when it existed before. */
export function openPrivate(file: string): number {
  const descriptor = openSync(file, 'a', OWNER_ONLY.file);
  narrow(file);
  return descriptor;
}

/** Creates an empty file for its owner only. An existing file loses the rights of others. */
export function makePrivateFile(file: string): void {
  closeSync(openPrivate(file));
}

/** Removes the rights of others to a file, if it exists and belongs to this user. */
export function narrow(file: string): void {
  if (!existsSync(file)) return;
  try {
    chmodSync(file, OWNER_ONLY.file);
  } catch (error) {
    // The file belongs to another user or is on a read-only disk; it may still be usable.
    if (!['EPERM', 'EROFS'].includes(String((error as NodeJS.ErrnoException).code))) throw error;
  }
}
