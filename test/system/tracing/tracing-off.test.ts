import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { projectRoot } from '../../../tools/project-root.js';
import { inheritedEnvironment } from '../../../tools/servers/processes/inherited-environment.js';
import { embedded } from '../../support/backends.js';

const SOURCE = path.join(projectRoot, 'dist', 'src');

/** Starts an instance, and reports which packages it loaded and what stands at the traced ports. */
const PROGRAM = `
  import { registerHooks } from 'node:module';
  const loaded = new Set();
  registerHooks({
    resolve(name, context, next) {
      const found = next(name, context);
      for (const [, own] of found.url.matchAll(/@opentelemetry\\/([\\w-]+)|telemetry\\/(?=tracing\\/)/g)) {
        loaded.add(own ?? 'our own');
      }
      return found;
    },
  });
  const load = (file) => import(${JSON.stringify(SOURCE)} + '/' + file);
  await load('../../node_modules/reflect-metadata/Reflect.js');
  const { startService } = await load('config/service.js');
  const { readSettings } = await load('config/settings/settings.js');
  const { CachePort } = await load('domain/ports/cache-port.js');
  const { OrderQueue } = await load('domain/orders/order-queue.js');
  const service = await startService(readSettings(process.env));
  const ports = [CachePort, OrderQueue].map((port) => service.container.get(port));
  const answer = await fetch(service.url + '/v1/products');
  await answer.text();
  await service.stop();
  const names = ports.map(({ constructor }) => constructor.name);
  console.log(JSON.stringify({ loaded: [...loaded].sort(), names }));
  process.exit(0);
`;

async function startWith(env: Readonly<Record<string, string>>) {
  await using open = await embedded.open();
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', PROGRAM],
    { env: { ...inheritedEnvironment(), ...open.env, LOG_LEVEL: 'silent', ...env } },
  );
  return JSON.parse(stdout);
}

/** `prom-client` loads this one by itself. */
const API = 'api';
const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' };

describe('Without a receiver of traces', () => {
  for (const env of [
    {},
    { ...ENDPOINT, OTEL_SDK_DISABLED: 'true' },
    { ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' },
  ]) {
    it(`an instance loads no package for them and wraps no port: ${JSON.stringify(env)}`, async () => {
      const { loaded, names } = await startWith(env);
      expect(loaded).to.deep.equal([API]);
      expect(names).to.deep.equal(['CachePortAdapter', 'InProcessPublisher']);
    });
  }

  it('and with one it does both, so that this test can fail', async () => {
    const { loaded, names } = await startWith(ENDPOINT);
    expect(loaded).to.include.members(['our own', 'sdk-trace', 'exporter-trace-otlp-proto']);
    expect(names).to.deep.equal(['TracedCache', 'TracedOrderQueue']);
  });
});
