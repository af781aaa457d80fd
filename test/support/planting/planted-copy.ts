import { execFile } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const built = fileURLToPath(new URL('../../..', import.meta.url));
const mocha = fileURLToPath(import.meta.resolve('mocha/bin/mocha.js'));
const stackDepth = join(built, 'tools/test/stack-depth.js');

/**
 * With a planted fault, a case waits for something that never happens, so the wait is short. It is
 * longer in later runs, for a slow machine that was not ready.
 */
const WAIT_TIMEOUTS_MS = [1_000, 5_000, 25_000];
const IS_HOOK = /^"(before|after) (all|each)" hook/;

/**
 * A fault at a marker of the source: `// @plant NAME` in TypeScript or `-- @plant NAME` in Lua.
 * `to` replaces the line after the marker, or all lines up to `@end NAME` if there is such a line.
 */
export interface MarkedFault {
  readonly marker: string;
  readonly to: string;
}

/** A suite, and the cases of it whose full title contains `title`; by default all. */
export interface PlantedCases {
  readonly suite: string;
  readonly title?: string | undefined;
}

/** A copy of parts of the build, in which faults are planted and tests are run. */
export class PlantedCopy {
  /** The original content of the files. */
  readonly #healthy = new Map<string, string>();

  private constructor(private readonly folder: string) {}

  static async make(parts: readonly string[]): Promise<PlantedCopy> {
    // The copy is next to the build, so that packages are found from there.
    const copy = new PlantedCopy(mkdtempSync(join(built, 'planted-')));
    for (const part of parts) {
      const filter = (file: string) => !file.endsWith('.map');
      cpSync(join(built, part), join(copy.folder, part), { recursive: true, filter });
    }
    return copy;
  }

  /** @throws Error the marker is missing, or appears in more than one place */
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

  /** Removes the planted faults. */
  heal(): void {
    for (const [path, text] of this.#healthy) writeFileSync(path, text);
    this.#healthy.clear();
  }

  /**
   * Runs all cases, or those whose full title contains this, and returns the titles that failed.
   * When no case fails, a planted fault gets another chance, up to twice.
   */
  async failures(
    suite: string,
    title: string | undefined,
    timeoutMs: number,
    env: NodeJS.ProcessEnv = {},
  ): Promise<string[]> {
    const cases = [{ suite, title }];
    if (this.#healthy.size === 0) return this.failuresOfAll(cases, timeoutMs, env);
    let failed: string[] = [];
    for (const waitMs of WAIT_TIMEOUTS_MS) {
      const limit = { TEST_WAIT_TIMEOUT_MS: String(waitMs) };
      failed = await this.failuresOfAll(cases, timeoutMs, { ...limit, ...env });
      if (failed.some((each) => !IS_HOOK.test(each))) return failed;
    }
    return failed;
  }

  /**
   * Runs cases of several suites in one process, and returns the titles that failed.
   * @throws Error fewer cases ran than there are titles, or the planted text cannot run
   */
  async failuresOfAll(
    cases: readonly PlantedCases[],
    timeoutMs: number,
    env: NodeJS.ProcessEnv = {},
  ): Promise<string[]> {
    const titles = new Set(cases.flatMap(({ title }) => title ?? []));
    const suites = new Set(cases.map(({ suite }) => join(this.folder, suite)));
    const args = [
      ...['--no-config', '--exit', '--reporter', 'json', '--timeout', String(timeoutMs)],
      ...['--require', stackDepth],
      ...(titles.size > 0 ? ['--grep', [...titles].map(RegExp.escape).join('|')] : []),
      ...suites,
    ];
    const { stats, failures } = JSON.parse(await this.#mocha(args, env)) as {
      stats: { tests: number };
      failures: readonly { title: string; err: { message: string } }[];
    };
    if (stats.tests + failures.length < Math.max(1, titles.size)) {
      throw new Error(`not all of these cases exist: ${[...titles].join(', ')}`);
    }
    for (const { err } of failures) {
      // Text that cannot run is not a planted fault.
      if (/SyntaxError|is not a function|is not available/.test(err.message)) {
        throw new Error(err.message);
      }
    }
    return failures.map((failure) => failure.title);
  }

  async remove(): Promise<void> {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #files(): string[] {
    return globSync('**/*.{js,lua}', { cwd: this.folder }).map((file) => join(this.folder, file));
  }

  #mocha(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
    const own = {
      // Log lines would make the report unreadable.
      TEST_LOG_LEVEL: 'silent',
      // The bundle has no fault.
      TEST_BUNDLE: '',
    };
    const options = {
      env: { ...process.env, ...own, ...env },
      maxBuffer: Number.POSITIVE_INFINITY,
    };
    return new Promise((resolve, reject) => {
      // The exit code of mocha is the number of failures, so it is not an error here.
      execFile(process.execPath, [mocha, ...args], options, (_error, out, complaint) => {
        if (out) resolve(out);
        else reject(new Error(`mocha reported nothing: ${complaint}`));
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
