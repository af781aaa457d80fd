import { writeFile } from 'node:fs/promises';
import { schemaFile, schemaText } from './schema-file.js';

/** Writes the JSON Schema of the events to docs/. Run it after a change of the schema. */
await writeFile(schemaFile, schemaText());
