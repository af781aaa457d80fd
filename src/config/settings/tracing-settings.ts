import { z } from 'zod';
import { count, milliseconds, share, type Values } from './values/values.js';

const receiver = z.url({ protocol: /^https?$/, error: 'must be http(s)://…' }).optional();

/** The only form in which spans are sent. */
const protocol = z.literal('http/protobuf', { error: 'must be http/protobuf' }).optional();

/**
 * Variables that OpenTelemetry defines. Its packages read more of them by themselves: headers, timeout,
 * compression and certificates of the exporter, and the attributes of the resource.
 */
export const tracingSettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: receiver,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: receiver,
  OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol,
  OTEL_SDK_DISABLED: z.stringbool().default(false),
  OTEL_TRACES_EXPORTER: z.enum(['otlp', 'none']).default('otlp'),
  OTEL_TRACES_SAMPLER: z
    .enum([
      'always_on',
      'always_off',
      'traceidratio',
      'parentbased_always_on',
      'parentbased_always_off',
      'parentbased_traceidratio',
    ])
    .default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: share.default(1),
  OTEL_BSP_SCHEDULE_DELAY: milliseconds(5_000),
  OTEL_BSP_EXPORT_TIMEOUT: milliseconds(30_000),
  OTEL_BSP_MAX_QUEUE_SIZE: count(2_048),
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: count(512),
};

/** What is wrong with these variables together; undefined when nothing is. */
export function tracingProblem(values: Values<typeof tracingSettings>): string | undefined {
  if (values.OTEL_BSP_MAX_EXPORT_BATCH_SIZE <= values.OTEL_BSP_MAX_QUEUE_SIZE) return undefined;
  return 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE: must not be more than OTEL_BSP_MAX_QUEUE_SIZE';
}

/** Where spans are sent; undefined: tracing is off. */
export function spanReceiver(settings: Values<typeof tracingSettings>): string | undefined {
  if (settings.OTEL_SDK_DISABLED || settings.OTEL_TRACES_EXPORTER === 'none') return undefined;
  const { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: own, OTEL_EXPORTER_OTLP_ENDPOINT: base } = settings;
  return own ?? (base && `${base.replace(/\/+$/, '')}/v1/traces`);
}
