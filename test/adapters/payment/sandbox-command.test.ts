import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { HttpPaymentGateway } from '../../../src/adapters/payment/http-payment-gateway.js';
import { TemporaryFolder } from '../../../tools/servers/temporary-folder.js';

const MAIN = fileURLToPath(new URL('../../../tools/playground/sandbox/main.js', import.meta.url));

describe('The command that runs the sandbox', () => {
  const folder = new TemporaryFolder('sandbox-command');
  after(() => folder.close());

  /** Runs the command and returns its first line and a function that stops it. */
  async function run(...args: string[]) {
    const child = spawn(process.execPath, [MAIN, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (line.includes('listens on')) break;
    }
    const stop = async () => {
      child.kill('SIGTERM');
      const [code] = await exited;
      return code;
    };
    return { text: lines.join('\n'), stop };
  }

  it('starts a gateway whose ledger remains after its end', async () => {
    const file = path.join(folder.path, 'deeper', 'ledger.jsonl');
    const charge = { reference: 'r', orderId: 'o', amount: 5, token: 'tok_success' };
    for (const status of ['authorised', 'captured']) {
      const { text, stop } = await run('--port', '0', '--file', file, '--key', 'k');
      const url = /http:\/\/\S+?(?=,)/.exec(text)?.[0] ?? '';
      const gateway = new HttpPaymentGateway({ url, key: 'k', timeoutMs: 30_000, attempts: 2 });
      expect((await gateway.authorise(charge)).status).to.equal(status);
      await gateway.capture('r');
      expect(await stop()).to.equal(0);
    }
  });

  it('lists its tokens and requests with --help', async () => {
    const { text, stop } = await run('--help');
    await stop();
    for (const word of ['tok_success', 'tok_declined', 'tok_insufficient', 'tok_timeout']) {
      expect(text).to.include(word);
    }
    for (const word of ['tok_late', 'tok_twice', '/charges/{reference}/refund', '/ledger']) {
      expect(text).to.include(word);
    }
  });
});
