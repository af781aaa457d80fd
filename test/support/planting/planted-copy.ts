import { execFile } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const built = fileURLToPath(new URL('../../..', import.meta.url));
const mocha = fileURLToPath(import.meta.resolve('mocha/bin/mocha.js'));

/**
 * What a case with a fault in it waits for never comes, so there is less to wait for: longer from
 * run to run, where a slow machine was not even ready for it.
 */
const WAIT_TIMEOUTS_MS = [1_000, 5_000, 25_000];
const IS_HOOK = /^"(before|after) (all|each)" hook/;

/**
 * A fault at a marker of the source: `// @plant NAME` in TypeScript or `-- @plant NAME` in Lua. `to`
 * replaces the line after the marker, or all lines up to `@end NAME` where there is such a line.
 */
export interface MarkedFault {
  readonly marker: string;
  readonly to: string;
}

/** A copy of parts of the build, in which faults are planted and tests are run. */
export class PlantedCopy {
  /** What stood in the files before anything was planted. */
  readonly #healthy = new Map<string, string>();

  private constructor(private readonly folder: string) {}

  static async make(parts: readonly string[]): Promise<PlantedCopy> {
    // Beside the build, so that packages are found from there.
    const copy = new PlantedCopy(mkdtempSync(join(built, 'planted-')));
    for (const part of parts) {
      const filter = (file: string) => !file.endsWith('.map');
      cpSync(join(built, part), join(copy.folder, part), { recursive: true, filter });
    }
    return copy;
  }

  /** @throws Error the marker is missing, or stands in more than one place */
  plant(faults: readonly MarkedFault[]): void {
    for (const { marker, to } of faults) {
      const [file, ...others] = this.#files().filter((each) =>
        markerOf(marker).test(readFileSync(each, 'utf8')),
      );
      if (!file || others.length > 0) {
        throw new Error(`marker ${marker}: ${file ? 'in more than one file' : 'not found'}`);
      }
      const text = readFileSync(file, 'utf8');
      if (!this.#healthy.has(file)) this.#healthy.set(file, text);
      writeFileSync(file, withFault(text, marker, to));
    }
  }

  /** Takes out again what was planted. */
  heal(): void {
    for (const [path, text] of this.#healthy) writeFileSync(path, text);
    this.#healthy.clear();
  }

  /**
   * Runs the cases whose full title contains this, or all; answers with the titles that failed.
   * Where no case does, a planted fault gets another chance to show, up to twice.
   */
  async failures(
    suite: string,
    title: string | undefined,
    timeoutMs: number,
    env: NodeJS.ProcessEnv = {},
  ): Promise<string[]> {
    if (this.#healthy.size === 0) return this.#run(suite, title, timeoutMs, env);
    let failed: string[] = [];
    for (const waitMs of WAIT_TIMEOUTS_MS) {
      const limit = { TEST_WAIT_TIMEOUT_MS: String(waitMs) };
      failed = await this.#run(suite, title, timeoutMs, { ...limit, ...env });
      if (failed.some((each) => !IS_HOOK.test(each))) return failed;
    }
    return failed;
  }

  async remove(): Promise<void> {
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #run(
    suite: string,
    title: string | undefined,
    timeoutMs: number,
    env: NodeJS.ProcessEnv,
  ): Promise<string[]> {
    const args = [
      ...['--no-config', '--exit', '--reporter', 'json', '--timeout', String(timeoutMs)],
      ...(title ? ['--fgrep', title] : []),
      join(this.folder, suite),
    ];
    const { stats, failures } = JSON.parse(await this.#mocha(args, env)) as {
      stats: { tests: number };
      failures: readonly { title: string; err: { message: string } }[];
    };
    if (stats.tests + failures.length === 0) throw new Error(`no case '${title}'`);
    for (const { err } of failures) {
      // Text that no longer runs is no planted fault.
      if (/SyntaxError|is not a function|is not available/.test(err.message)) {
        throw new Error(err.message);
      }
    }
    return failures.map((failure) => failure.title);
  }

  #files(): string[] {
    return globSync('**/*.{js,lua}', { cwd: this.folder }).map((file) => join(this.folder, file));
  }

  #mocha(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
    const options = { env: { ...process.env, ...env }, maxBuffer: Number.POSITIVE_INFINITY };
    return new Promise((resolve, reject) => {
      // It exits with the number of failures, which is no failure here.
      execFile(process.execPath, [mocha, ...args], options, (_error, out, complaint) => {
        if (out) resolve(out);
        else reject(new Error(`mocha told nothing: ${complaint}`));
      });
    });
  }
}

function markerOf(name: string): RegExp {
  return new RegExp(`^\\s*(?://|--) @plant ${name}$`, 'm');
}

function withFault(text: string, marker: string, to: string): string {
  const lines = text.split('\n');
  const isLine = (word: string) => (line: string) =>
    new RegExp(`^\\s*(?://|--) @${word} ${marker}$`).test(line);
  const at = lines.findIndex(isLine('plant'));
  const end = lines.findIndex(isLine('end'));
  return [...lines.slice(0, at), to, ...lines.slice(end < 0 ? at + 2 : end + 1)].join('\n');
}
