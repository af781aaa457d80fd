import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PlantedFault } from './planted-fault.js';

const built = fileURLToPath(new URL('../../..', import.meta.url));
const mocha = fileURLToPath(import.meta.resolve('mocha/bin/mocha.js'));

/** A copy of the built locks and their contract, in which faults are planted. */
export class PlantedCopy {
  private constructor(private readonly folder: string) {}

  static async make(): Promise<PlantedCopy> {
    // Beside the build, so that packages are found from there.
    const copy = new PlantedCopy(await mkdtemp(join(built, 'planted-')));
    for (const part of [
      'src/domain',
      'src/adapters/lock',
      'src/adapters/redis',
      'test/contract',
      'test/lock',
    ]) {
      await cp(join(built, part), join(copy.folder, part), { recursive: true });
    }
    return copy;
  }

  async plant({ name, changes }: PlantedFault): Promise<void> {
    for (const { file, from, to } of changes) {
      const path = join(this.folder, 'src/adapters/lock', file);
      const text = await readFile(path, 'utf8');
      if (!text.includes(from)) throw new Error(`${name}: nothing to plant it on in ${file}`);
      await writeFile(path, text.replaceAll(from, to));
    }
  }

  /** Runs the contract cases with this title, or all; answers with the titles that failed. */
  async failures(redisUrl: string | undefined, title?: string): Promise<readonly string[]> {
    const report = await this.#mocha(redisUrl, title ? ['--fgrep', `contract ${title}`] : []);
    const { stats, failures } = JSON.parse(report) as {
      stats: { tests: number };
      failures: readonly { title: string; err: { message: string } }[];
    };
    if (stats.tests === 0) throw new Error(`no contract case '${title}'`);
    for (const { err } of failures) {
      // Text that no longer runs is no planted fault.
      if (/not available|SyntaxError|is not a function/.test(err.message))
        throw new Error(err.message);
    }
    return failures.map((failure) => failure.title);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  #mocha(redisUrl: string | undefined, args: readonly string[]): Promise<string> {
    const run = join(this.folder, 'test/lock/planted-faults/contract-process.js');
    const env = { ...process.env, PLANTED_REDIS_URL: redisUrl ?? '' };
    const options = ['--no-config', '--exit', '--reporter', 'json', '--timeout', '4000', ...args];
    return new Promise((resolve) => {
      // It exits with the number of failures, which is no failure here.
      execFile(process.execPath, [mocha, ...options, run], { env }, (_error, out) => resolve(out));
    });
  }
}
