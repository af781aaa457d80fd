import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { readSettings } from '../../src/config/settings.js';
import { signToken } from '../../src/config/sign-token.js';
import { findClusterPort } from '../../tools/cluster/find-cluster-port.js';
import { startLocalCluster } from '../../tools/cluster/local-cluster.js';
import { TemporaryFolder } from '../../tools/servers/temporary-folder.js';
import { embedded } from '../support/backends.js';
import { InstanceProcess } from '../support/instance-process.js';
import { type GeneratedResult, sendGenerated } from './schemathesis.js';

/** Of each run; longer ones find more. */
const SECONDS = Number(process.env['GENERATED_SECONDS'] ?? 30);
const SEED = Number(process.env['GENERATED_SEED'] ?? Date.now() % 1_000_000);
/** A slow machine sends few, but a run that sends none shows nothing. */
const LEAST_REQUESTS = 1;
const ROLES = ['customer', 'admin'] as const;

interface Target {
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  readonly isBehindProxy: boolean;
}

describe(`Requests made from the OpenAPI document, seed ${SEED}`, function () {
  this.timeout(600_000);

  it('find no error of one instance on SQLite', async () => {
    await using open = await embedded.open();
    const env = { ...open.env, SEED_DEMO: 'true' };
    await using instance = await InstanceProcess.start(env);
    await expectNoFindings({ url: instance.url, env, isBehindProxy: false });
  });

  it('find no error of two instances behind nginx', async () => {
    await using resources = new AsyncDisposableStack();
    const folder = new TemporaryFolder('generated-cluster');
    resources.defer(() => folder.close());
    const port = await findClusterPort();
    const options = { instances: 2, port, dataFolder: folder.path, withKafka: false };
    const { url, env } = resources.use(await startLocalCluster(options));
    await expectNoFindings({ url, env, isBehindProxy: true });
  });

  it('find an answer with an undocumented status and without its headers, planted', async () => {
    await using open = await embedded.open();
    await using instance = await InstanceProcess.start(open.env);
    const document = await (await fetch(`${instance.url}/openapi.json`)).text();
    const server = createServer((req, res) => {
      if (req.url === '/openapi.json')
        res.setHeader('Content-Type', 'application/json').end(document);
      else res.writeHead(418, { 'X-Request-Id': 'a' }).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    const run = { url, token: undefined, isBehindProxy: false, seconds: 30, seed: 1 };
    const result = await sendGenerated({ ...run, mostFailures: 5 });
    server.close();
    server.closeAllConnections();
    expect(result.hasPassed, result.report).to.equal(false);
    expect(result.report, result.report).to.include('Undocumented status code');
    expect(result.report).to.include('an answer without X-Instance');
  });
});

/** Both roles at the same time. */
async function expectNoFindings({ url, env, isBehindProxy }: Target): Promise<void> {
  const settings = readSettings({ ...env });
  const results = await Promise.all(
    ROLES.map(async (role): Promise<GeneratedResult> => {
      const token = await signToken(settings, `generated-${role}`, role);
      return sendGenerated({ url, token, isBehindProxy, seconds: SECONDS, seed: SEED });
    }),
  );
  for (const { hasPassed, report, requests } of results) {
    expect(hasPassed, report).to.equal(true);
    expect(requests, report).to.be.at.least(LEAST_REQUESTS);
  }
}
