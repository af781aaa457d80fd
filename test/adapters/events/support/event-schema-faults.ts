import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { schemaFile } from '../../../../tools/events/schema-file.js';

const ajv = new Ajv2020({ allErrors: true, validateFormats: true });
(addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
const isEvent = ajv.compile(JSON.parse(readFileSync(schemaFile, 'utf8')));

/** The errors of a message by the documented schema of events; empty when it is valid. */
export function eventSchemaFaults(text: string): string[] {
  if (isEvent(JSON.parse(text))) return [];
  return (isEvent.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
