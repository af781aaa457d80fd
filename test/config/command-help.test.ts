import { type ChildProcess, execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../tools/project-root.js';
import { inheritedEnvironment } from '../../tools/servers/processes/inherited-environment.js';
import { TemporaryFolder } from '../../tools/servers/temporary-folder.js';

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const { scripts } = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8'));
/** Programs that are not ours and have their own help, and programs that only npm runs. */
const OTHERS: Readonly<Record<string, RegExp>> = { fix: /^biome /, prepack: /./ };
const commands = Object.entries(scripts as Record<string, string>)
  .filter(([name, script]) => !OTHERS[name]?.test(script))
  .map(([name, script]) => ({
    name: ['start', 'test'].includes(name) ? `npm ${name}` : `npm run ${name}`,
    program: /(dist\/\S+\.js|tools\/launch\/dev\.mjs)$/.exec(script)?.[0] ?? '',
  }));

/** Addresses where nothing listens, so a command that connects fails. */
const NOWHERE = {
  DATABASE_URL: 'mysql://root@127.0.0.1:1/nowhere',
  REDIS_URL: 'redis://127.0.0.1:1',
  KAFKA_BROKERS: '127.0.0.1:1',
};

describe('Every command of package.json', function () {
  this.timeout(120_000);
  const folder = new TemporaryFolder('command-help');
  after(() => folder.close());

  function run(program: string, ...args: string[]): Promise<Ended> {
    const env = { ...inheritedEnvironment(), PATH: '', DATA_DIR: folder.path, ...NOWHERE };
    return new Promise((resolve) => {
      const child: ChildProcess = execFile(
        process.execPath,
        [path.join(projectRoot, program), ...args],
        { env, cwd: folder.path },
        (_, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
      );
    });
  }

  it('has an entry in this test', () => {
    expect(commands).to.have.length.greaterThan(15);
    for (const { name, program } of commands) expect(program, name).not.to.equal('');
  });

  for (const { name, program } of commands) {
    it(`${name} prints its usage, refuses an unknown option, and does nothing`, async () => {
      const [help, refusal] = await Promise.all([
        run(program, '--help'),
        run(program, '--no-such-option'),
      ]);
      expect(help).to.include({ code: 0, stderr: '' });
      const [use, ...rest] = help.stdout.split('\n');
      expect(use?.startsWith(name), use).to.equal(true);
      const text = rest.join('\n');
      expect(text).to.match(/^Options\n(?: {2}.+\n)* {2}-h, --help {2,}\S/m);
      expect(text.split('\nExamples\n')[1]).to.match(new RegExp(`^ {2}${name}( -- .*)?(\n|$)`));
      // The help explains every option of the synopsis.
      for (const [option] of use?.matchAll(/--[a-z][\w-]*/g) ?? []) {
        expect(text).to.match(new RegExp(`^  (-\\w, )?${option} `, 'm'));
      }
      expect(refusal).to.include({ code: 2, stdout: '' });
      expect(refusal.stderr).to.match(/^[^\n]*--no-such-option[^\n]*--help[^\n]*\n$/);
      expect(readdirSync(folder.path)).to.deep.equal([]);
    });
  }
});
