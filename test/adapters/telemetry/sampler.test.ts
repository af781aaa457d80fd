import { ROOT_CONTEXT, SpanKind, TraceFlags, trace } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace';
import { expect } from 'chai';
import { type SamplerName, samplerOf } from '../../../src/adapters/telemetry/tracing/sampler.js';

const SPAN = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };

function isSampled(name: SamplerName, share: number, flags?: TraceFlags): boolean {
  const parent = { ...SPAN, isRemote: true, traceFlags: flags ?? TraceFlags.NONE };
  const context = flags === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
  const { decision } = samplerOf(name, share).shouldSample(
    context,
    SPAN.traceId,
    'GET',
    SpanKind.SERVER,
    {},
    [],
  );
  return decision === SamplingDecision.RECORD_AND_SAMPLED;
}

describe('The sampler of traces', () => {
  const [SAMPLED, NOT] = [TraceFlags.SAMPLED, TraceFlags.NONE];
  const cases: readonly [SamplerName, number, boolean, boolean, boolean][] = [
    ['always_on', 1, true, true, true],
    ['always_off', 1, false, false, false],
    ['traceidratio', 1, true, true, true],
    ['traceidratio', 0, false, false, false],
    ['parentbased_always_on', 1, true, true, false],
    ['parentbased_always_off', 1, false, true, false],
    ['parentbased_traceidratio', 0, false, true, false],
    ['parentbased_traceidratio', 1, true, true, false],
  ];
  for (const [name, share, root, sampledParent, otherParent] of cases) {
    it(`${name} with ${share}: follows the parent as its name says`, () => {
      expect(isSampled(name, share), 'a root').to.equal(root);
      expect(isSampled(name, share, SAMPLED), 'below a sampled span').to.equal(sampledParent);
      expect(isSampled(name, share, NOT), 'below a span that is not').to.equal(otherParent);
    });
  }
});
