import { randomBytes } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import { RunRecord } from '../../adapters/http/lab/lab-schemas.js';
import { makePrivateFolder } from '../../config/settings/files/private-files.js';

type Run = z.output<typeof RunRecord>;

/** Most records that are kept; the oldest are removed. */
const MAX_RECORDS = 200;

const ID = /^[\w-]{16}$/;

export function newRunId(): string {
  return randomBytes(12).toString('base64url');
}

/** Finished runs as files, one each, so that a link to a run is valid after a restart. */
export class RunRecords {
  /** `folder` is made when the first run is saved. */
  constructor(private readonly folder: string) {}

  async save(run: Run): Promise<void> {
    makePrivateFolder(this.folder);
    const file = this.#fileOf(run.id);
    // Written under another name first, so that no other instance reads an unfinished file.
    await writeFile(`${file}.new`, JSON.stringify(run), { mode: 0o600 });
    await rename(`${file}.new`, file);
    await this.#removeOldest();
  }

  async find(id: string): Promise<Run | undefined> {
    if (!ID.test(id)) return undefined;
    const text = await readFile(this.#fileOf(id), 'utf8').catch(ignoreMissing);
    return text === undefined ? undefined : RunRecord.parse(JSON.parse(text));
  }

  #fileOf(id: string): string {
    return path.join(this.folder, `${id}.json`);
  }

  async #removeOldest(): Promise<void> {
    const names = await readdir(this.folder);
    if (names.length <= MAX_RECORDS) return;
    const files = await Promise.all(
      names.map(async (name) => {
        const file = path.join(this.folder, name);
        return { file, ms: (await stat(file).catch(ignoreMissing))?.mtimeMs ?? 0 };
      }),
    );
    const oldest = files.toSorted((a, b) => b.ms - a.ms).slice(MAX_RECORDS);
    await Promise.all(oldest.map(({ file }) => rm(file, { force: true })));
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
