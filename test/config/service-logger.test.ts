import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { type LogFormat, logFormatOf } from '../../src/config/logger.js';
import { readSettings } from '../../src/config/settings/settings.js';
import { projectRoot } from '../../tools/project-root.js';

const LOGGER = path.join(projectRoot, 'dist', 'src', 'config', 'logger.js');

/** Runs code with a `logger` in a separate process, and returns the output of the process. */
async function outputOf(code: string, format: LogFormat = 'json'): Promise<string> {
  const program = `
    const { createServiceLogger } = await import(${JSON.stringify(LOGGER)});
    const { writeSync } = await import('node:fs');
    const logger = await createServiceLogger(
      { level: 'info', base: undefined, timestamp: false }, ${JSON.stringify(format)});
    const mark = (text) => writeSync(1, text + '\\n');
    ${code}`;
  const args = ['--input-type=module', '--eval', program];
  return (await promisify(execFile)(process.execPath, args)).stdout;
}

const line = (level: number, msg: string) => `{"level":${level},"msg":"${msg}"}\n`;

describe('The log of a service', () => {
  it('writes lines of info later, and all of them before the process ends', async () => {
    const output = await outputOf(`
      logger.info('a'); logger.info('b'); mark('later'); process.exit(0);`);
    expect(output).to.equal(`later\n${line(30, 'a')}${line(30, 'b')}`);
  });

  it('writes buffered lines while the process runs', async () => {
    const output = await outputOf(`
      logger.info('a'); setTimeout(() => { mark('later'); process.exit(0); }, 1_000);`);
    expect(output).to.equal(`${line(30, 'a')}later\n`);
  });

  it('writes a warning at once, after the lines before it', async () => {
    const output = await outputOf(`
      logger.info('a'); logger.child({}).warn('b'); mark('later'); process.exit(0);`);
    expect(output).to.equal(`${line(30, 'a')}${line(40, 'b')}later\n`);
  });

  it('writes buffered lines before an uncaught error ends the process', async () => {
    const output = await outputOf(`
      process.on('uncaughtException', () => process.exit(0)); logger.info('a'); throw new Error('x');`);
    expect(output).to.equal(line(30, 'a'));
  });

  it('is a readable line for each entry in the pretty format, in the same order', async () => {
    const code = `
      logger.info({ req: { id: 'r1' }, trace_id: 't1' }, 'a'); logger.warn('b'); process.exit(0);`;
    expect(await outputOf(code, 'pretty')).to.equal(
      'INFO: a {"req":{"id":"r1"},"trace_id":"t1"}\nWARN: b\n',
    );
  });

  it('is pretty on a terminal, except in production, and as LOG_FORMAT says', () => {
    const formatOf = (env: NodeJS.ProcessEnv, isTerminal: boolean) =>
      logFormatOf(readSettings(env), isTerminal);
    expect(formatOf({}, true)).to.equal('pretty');
    expect(formatOf({}, false)).to.equal('json');
    expect(formatOf({ NODE_ENV: 'production' }, true)).to.equal('json');
    expect(formatOf({ LOG_FORMAT: 'json' }, true)).to.equal('json');
    expect(formatOf({ LOG_FORMAT: 'pretty' }, false)).to.equal('pretty');
  });
});
