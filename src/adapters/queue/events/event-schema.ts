import { z } from 'zod';
import { CloudEvent, SCHEMA_ID } from './cloud-event.js';

/**
 * The JSON Schema of a published event; the data of each type is under `$defs`. Readers can rely on
 * the fields that it names. More fields may be added at any time.
 */
export function eventSchema(): object {
  const { $schema, ...rest } = z.toJSONSchema(CloudEvent, {
    io: 'input',
    override: ({ jsonSchema }) => {
      // `format` says the same in fewer characters.
      if (jsonSchema.format) delete jsonSchema.pattern;
    },
  });
  return { $schema, $id: SCHEMA_ID, ...rest };
}
