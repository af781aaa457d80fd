import { writeFile } from 'node:fs/promises';
import { schemaFile, schemaText } from './schema-file.js';

/** Writes the JSON Schema of the events anew, as after a change of it. */
await writeFile(schemaFile, schemaText());
