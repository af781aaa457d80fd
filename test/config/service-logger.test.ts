import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { projectRoot } from '../../tools/project-root.js';

const LOGGER = path.join(projectRoot, 'dist', 'src', 'config', 'logger.js');

/** Runs code with a `logger` in a separate process, and returns the output of the process. */
async function outputOf(code: string): Promise<string> {
  const program = `
    const { createServiceLogger } = await import(${JSON.stringify(LOGGER)});
    const { writeSync } = await import('node:fs');
    const logger = await createServiceLogger({ level: 'info', base: undefined, timestamp: false });
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
});
