import { expect } from 'chai';
import { readSettings } from '../../src/config/settings/settings.js';
import { spanReceiver } from '../../src/config/settings/tracing-settings.js';

const BASE = 'http://collector:4318';

describe('The receiver of traces', () => {
  const cases: readonly [NodeJS.ProcessEnv, string | undefined][] = [
    [{}, undefined],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: BASE }, `${BASE}/v1/traces`],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: `${BASE}/otlp/` }, `${BASE}/otlp/v1/traces`],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: BASE, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://t/x' },
      'http://t/x',
    ],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: BASE, OTEL_SDK_DISABLED: 'true' }, undefined],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: BASE, OTEL_TRACES_EXPORTER: 'none' }, undefined],
  ];
  for (const [env, receiver] of cases) {
    it(`is ${receiver ?? 'none'} with ${JSON.stringify(env)}`, () => {
      expect(spanReceiver(readSettings(env))).to.equal(receiver);
    });
  }

  for (const env of [
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' },
    { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
    { OTEL_TRACES_SAMPLER: 'sometimes' },
    { OTEL_TRACES_SAMPLER_ARG: '2' },
    { OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '4096' },
  ]) {
    it(`refuses ${JSON.stringify(env)}, and names the variable`, () => {
      expect(() => readSettings(env)).to.throw(Object.keys(env)[0] ?? '');
    });
  }
});
