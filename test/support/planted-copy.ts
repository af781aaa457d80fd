import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const built = fileURLToPath(new URL('../..', import.meta.url));
const mocha = fileURLToPath(import.meta.resolve('mocha/bin/mocha.js'));

/** What stands in a built file, and what is planted instead. */
export interface Planted {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** A copy of parts of the build, in which faults are planted and tests are run. */
export class PlantedCopy {
  private constructor(private readonly folder: string) {}

  static async make(parts: readonly string[]): Promise<PlantedCopy> {
    // Beside the build, so that packages are found from there.
    const copy = new PlantedCopy(await mkdtemp(join(built, 'planted-')));
    for (const part of parts) {
      await cp(join(built, part), join(copy.folder, part), { recursive: true });
    }
    return copy;
  }

  async plant(changes: readonly Planted[]): Promise<void> {
    for (const { file, from, to } of changes) {
      const path = join(this.folder, file);
      const text = await readFile(path, 'utf8');
      if (!text.includes(from)) throw new Error(`nothing to plant it on in ${file}: ${from}`);
      await writeFile(path, text.replaceAll(from, to));
    }
  }

  /** Runs the cases whose full title contains this, or all; answers with the titles that failed. */
  async failures(suite: string, title: string | undefined, timeoutMs: number): Promise<string[]> {
    const report = await this.#mocha([
      ...['--no-config', '--exit', '--reporter', 'json', '--timeout', String(timeoutMs)],
      ...(title ? ['--fgrep', title] : []),
      join(this.folder, suite),
    ]);
    const { stats, failures } = JSON.parse(report) as {
      stats: { tests: number };
      failures: readonly { title: string; err: { message: string } }[];
    };
    if (stats.tests === 0) throw new Error(`no case '${title}'`);
    for (const { err } of failures) {
      // Text that no longer runs is no planted fault.
      if (/SyntaxError|is not a function|is not available/.test(err.message)) {
        throw new Error(err.message);
      }
    }
    return failures.map((failure) => failure.title);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  #mocha(args: readonly string[]): Promise<string> {
    return new Promise((resolve) => {
      // It exits with the number of failures, which is no failure here.
      execFile(process.execPath, [mocha, ...args], (_error, out) => resolve(out));
    });
  }
}
