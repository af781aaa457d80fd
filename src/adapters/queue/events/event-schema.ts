import { z } from 'zod';
import { CloudEvent, SCHEMA_ID } from './cloud-event.js';

/**
 * The JSON Schema of an event as it travels, and of its data under `$defs`. It asks for no more than
 * readers may rely on: fields that it does not name may be added at any time.
 */
export function eventSchema(): object {
  const { $schema, ...rest } = z.toJSONSchema(CloudEvent, {
    io: 'input',
    override: ({ jsonSchema }) => {
      // The format says it, and in fewer characters.
      if (jsonSchema.format) delete jsonSchema.pattern;
    },
  });
  return { $schema, $id: SCHEMA_ID, ...rest };
}
