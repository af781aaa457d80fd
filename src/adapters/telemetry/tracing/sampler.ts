import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';

/** The values of `OTEL_TRACES_SAMPLER` in the specification of OpenTelemetry. */
export type SamplerName = Root | `parentbased_${Root}`;

type Root = 'always_on' | 'always_off' | 'traceidratio';

const ROOTS: Readonly<Record<Root, (share: number) => Sampler>> = {
  always_on: () => new AlwaysOnSampler(),
  always_off: () => new AlwaysOffSampler(),
  traceidratio: (share) => new TraceIdRatioBasedSampler(share),
};

/** With `parentbased_` a request whose `traceparent` says whether it is sampled is treated so. */
export function samplerOf(name: SamplerName, share: number): Sampler {
  const root = ROOTS[name.replace('parentbased_', '') as Root](share);
  return name.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root;
}
