import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { dataFolder } from '../files/data-folder.js';
import { narrow } from '../files/private-files.js';
import { type Settings, SettingsError } from '../settings.js';

/** In characters. HS256 needs as many bytes as its digest has (RFC 7518, section 3.2). */
const MIN_LENGTH = 32;

/**
 * The secret that signs and verifies HS256 tokens: `JWT_SECRET`, or a random one in the data folder that
 * only its owner may read. There is no built-in secret.
 */
export function signingSecret(settings: Pick<Settings, 'JWT_SECRET' | 'DATA_DIR'>): Uint8Array {
  const secret = settings.JWT_SECRET ?? storedSecret(dataFolder(settings));
  return new TextEncoder().encode(secret);
}

function storedSecret(folder: string): string {
  const file = path.join(folder, 'jwt-secret');
  if (!existsSync(file)) createSecret(file);
  narrow(file);
  const secret = readSecret(file);
  if (secret.length >= MIN_LENGTH) return secret;
  throw new SettingsError(`DATA_DIR: ${file} holds no secret of at least ${MIN_LENGTH} characters`);
}

function readSecret(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SettingsError(`DATA_DIR: ${file} cannot be read (${code})`, { cause: error });
  }
}

function createSecret(file: string): void {
  const candidate = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(candidate, randomBytes(48).toString('base64url'), { mode: 0o600 });
  try {
    // Two instances may start at once. A link appears only once, and with its whole content.
    linkSync(candidate, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(candidate);
  }
}
