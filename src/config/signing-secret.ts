import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Settings } from './settings.js';

/**
 * The secret that signs and checks HS256 tokens: the one that was set, else a random one kept in
 * the data folder, where only its owner may read it. There is none built in.
 */
export function signingSecret(settings: Pick<Settings, 'JWT_SECRET' | 'DATA_DIR'>): Uint8Array {
  const secret = settings.JWT_SECRET ?? storedSecret(settings.DATA_DIR);
  return new TextEncoder().encode(secret);
}

function storedSecret(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'jwt-secret');
  const candidate = `${file}.${process.pid}`;
  writeFileSync(candidate, randomBytes(48).toString('base64url'), { mode: 0o600 });
  try {
    // Two instances may start at once: a link appears whole, and for one of them only.
    linkSync(candidate, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(candidate);
  }
  return readFileSync(file, 'utf8').trim();
}
