import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { type Settings, SettingsError } from '../settings.js';
import { makePrivateFolder } from './private-files.js';

/**
 * The full path of the data folder; the folder is created when it is missing.
 *
 * @throws SettingsError the path is not a folder, or the folder is not writable
 */
export function dataFolder({ DATA_DIR }: Pick<Settings, 'DATA_DIR'>): string {
  const folder = path.resolve(DATA_DIR);
  try {
    makePrivateFolder(folder);
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const isFile = code === 'EEXIST' || code === 'ENOTDIR';
    const why = isFile ? 'is not a folder' : `cannot be written (${code})`;
    throw new SettingsError(`DATA_DIR: ${folder} ${why}`, { cause: error });
  }
  return folder;
}
