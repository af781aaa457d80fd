import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { StalenessSummary } from '../../../src/application/staleness/staleness-summary.js';
import { StalenessWatch } from '../../../src/application/staleness/staleness-watch.js';

const COMMAND = fileURLToPath(new URL('../../../src/commands/staleness.js', import.meta.url));
const execute = promisify(execFile);

describe('The staleness watch', () => {
  it('calls an answer stale after another instance has shown a later version', async () => {
    let nowMs = 0;
    const versions = [1, 1];
    const readers = [0, 1].map((i) => async () => versions[i]);
    const summary = new StalenessSummary(100);
    const watch = new StalenessWatch(readers, summary, () => nowMs);
    expect(await watch.look('a')).to.equal(true);
    versions[0] = 2;
    expect(await watch.look('a')).to.equal(false);
    // Both were read at the same time, so it is not known which one is wrong.
    expect(summary.figures.stale).to.equal(0);
    nowMs = 250;
    expect(await watch.look('a')).to.equal(false);
    expect(summary.figures).to.include({ answers: 6, stale: 1, worstMs: 250, beyondBound: 1 });
  });

  it('does not judge an instance that does not answer', async () => {
    const summary = new StalenessSummary(100);
    const watch = new StalenessWatch([async () => 1, async () => undefined], summary, () => 0);
    expect(await watch.look('a')).to.equal(true);
    expect(summary.figures.answers).to.equal(1);
  });

  describe('from the command line', () => {
    const resources = new AsyncDisposableStack();
    after(() => resources.disposeAsync());

    /** Answers for products like an instance, with the version of the moment. */
    async function instance(version: () => number): Promise<string> {
      const server = createServer((request, response) => {
        const product = { id: 'a', version: version() };
        response.setHeader('content-type', 'application/json');
        const isList = request.url?.includes('?');
        response.end(JSON.stringify(isList ? { items: [product] } : product));
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      resources.defer(async () => {
        server.close();
        server.closeAllConnections();
      });
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    }

    const watch = (...args: string[]) => execute(process.execPath, [COMMAND, ...args]);
    const rising = () => Math.floor(performance.now() / 50);

    it('ends with 0 when the instances agree on changed products', async () => {
      const urls = [await instance(rising), await instance(rising)];
      const { stdout } = await watch('--urls', urls.join(), '--seconds', '1', '--bound', '60000');
      expect(stdout).to.match(/^\d+ answers, .*\n.*\n0 beyond the bound of 60000 ms\n$/);
    });

    for (const [what, second, reason] of [
      ['nothing changed', () => instance(() => 1), 'no product changed meanwhile'],
      [
        'one instance alone answered',
        async () => 'http://127.0.0.1:1',
        'no product was read through two instances',
      ],
    ] satisfies [string, () => Promise<string>, string][]) {
      it(`fails when ${what}, because this proves nothing`, async () => {
        const urls = [await instance(() => 1), await second()];
        const failure = await watch('--urls', urls.join(), '--seconds', '0.3').catch(
          (error) => error,
        );
        expect(failure).to.have.property('code', 1);
        expect(failure.stderr).to.include(`no evidence: ${reason}`);
      });
    }

    it('fails when an instance answers a value that was replaced too long ago', async () => {
      const urls = [await instance(rising), await instance(() => 1)];
      const failure = await watch('--urls', urls.join(), '--seconds', '2', '--bound', '200').then(
        () => undefined,
        (error: { code: number; stdout: string }) => error,
      );
      expect(failure).to.have.property('code', 1);
      expect(failure?.stdout).to.match(/\n[1-9]\d* beyond the bound of 200 ms\n$/);
    });

    it('prints its usage', async () => {
      const failure = await watch('--urls', 'http://127.0.0.1:1').catch((error) => error);
      expect(failure).to.include({ code: 2, stdout: '' });
      expect(failure.stderr).to.match(/--urls A,B: /);
    });
  });
});
