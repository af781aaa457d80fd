import { expect } from 'chai';
import { eventually } from '../../../tools/servers/eventually.js';
import { findFreePort } from '../../../tools/servers/free-port.js';
import { ApiClient } from '../../support/api-client.js';
import { embedded } from '../../support/backends.js';
import { InstanceProcess } from '../../support/instance-process.js';

describe('An instance whose receiver of traces is down', () => {
  it('answers as usual, says once that spans are lost, and stops', async () => {
    await using open = await embedded.open();
    await using instance = await InstanceProcess.start({
      ...open.env,
      LOG_LEVEL: 'warn',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await findFreePort()}`,
      OTEL_EXPORTER_OTLP_TIMEOUT: '200',
      OTEL_BSP_SCHEDULE_DELAY: '50',
    });
    let log = '';
    instance.listen((text) => {
      log += text;
    });
    const anyone = new ApiClient(instance.url);
    await eventually(async () => {
      expect((await anyone.get('/v1/products')).status).to.equal(200);
      expect(log).to.include('spans are lost');
    });
    for (let i = 0; i < 5; i += 1) await anyone.get('/v1/products');
    expect(await instance.end('SIGTERM')).to.equal(0);
    expect(log.match(/spans are lost/g)).to.have.length(1);
  });
});
