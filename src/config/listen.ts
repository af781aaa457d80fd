import type { HttpServer } from '../adapters/http/http-server.js';
import { type Settings, SettingsError } from './settings/settings.js';

const WHY: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use',
  EACCES: 'may not be used by this process',
};

/**
 * Answers the address it listens on.
 *
 * @throws SettingsError it cannot listen there; the message names the variable
 */
export async function listen(
  server: HttpServer,
  { HOST: host, PORT: port }: Pick<Settings, 'HOST' | 'PORT'>,
): Promise<{ readonly address: string; readonly port: number }> {
  try {
    return await server.listen({ host, port });
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const why = WHY[code];
    throw new SettingsError(
      why ? `PORT: ${host}:${port} ${why}` : `HOST: cannot listen on ${host} (${code || message})`,
      { cause: error },
    );
  }
}
