import { z } from 'zod';
import type { TlsMode } from './tls-mode.js';

const text = z.string().optional();

/** The variables for the user of this service in Kafka. */
export const saslSettings = {
  KAFKA_SASL_MECHANISM: z
    .string()
    .toUpperCase()
    .pipe(z.enum(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']))
    .optional(),
  KAFKA_SASL_USERNAME: text,
  KAFKA_SASL_PASSWORD: text,
};

export type SaslValues = z.output<z.ZodObject<typeof saslSettings>> & {
  readonly KAFKA_TLS?: TlsMode | undefined;
};

const NAMES = Object.keys(saslSettings) as (keyof typeof saslSettings)[];

/** The first problem of these variables; undefined when there is none. */
export function saslProblem(values: SaslValues): string | undefined {
  const given = NAMES.filter((name) => values[name] !== undefined);
  if (given.length > 0 && given.length < NAMES.length) {
    return `${NAMES.join(', ')}: set all or none`;
  }
  if (values.KAFKA_SASL_MECHANISM === 'PLAIN' && values.KAFKA_TLS === undefined) {
    return 'KAFKA_TLS: set it to on, or to off if PLAIN may send its password unencrypted';
  }
  return undefined;
}
