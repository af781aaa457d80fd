import { writeFile } from 'node:fs/promises';
import type { CommandUsage } from '../../src/commands/command-line.js';
import { runCommand } from '../../src/commands/run-command.js';
import { readSettings } from '../../src/config/settings/settings.js';
import { TemporaryFolder } from '../servers/temporary-folder.js';
import { clientTypes, type OpenApiDocument, typesFile } from './client-types.js';

const USAGE = {
  command: 'npm run client',
  synopsis: '',
  does: `Generates the types of the client, src/client/api-types.ts, from the OpenAPI document of the service.
Run it after a change of a route or a schema.`,
  options: {},
  examples: [''],
} as const satisfies CommandUsage;

await runCommand(USAGE, async () => {
  // Loaded here, so that --help answers at once.
  const { startService } = await import('../../src/config/service.js');
  await using folder = new TemporaryFolder('client');
  const settings = readSettings({ DATA_DIR: folder.path, PORT: '0', LOG_LEVEL: 'silent' });
  const service = await startService(settings);
  try {
    const response = await fetch(new URL('/openapi.json', service.url));
    await writeFile(typesFile, clientTypes((await response.json()) as OpenApiDocument));
  } finally {
    await service.stop();
  }
});
