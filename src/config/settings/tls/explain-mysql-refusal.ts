import { type Settings, SettingsError } from '../settings.js';
import { refusalOf } from './refusal.js';
import { tlsMode } from './tls-settings.js';

/**
 * For a failed start. A failure that does not pass by waiting is thrown as a SettingsError that names the
 * variable. Every other failure is thrown as it is.
 */
export function explainMysqlRefusal(settings: Settings): (error: unknown) => never {
  return (error) => {
    const refusal = refusalOf('DATABASE', error);
    if (refusal) throw new SettingsError(refusal, { cause: error });
    const denial = denialIn(error);
    if (!denial) throw error;
    throw new SettingsError(`DATABASE_URL: ${denial}${hint(settings)}`, { cause: error });
  };
}

/** A refusal for missing TLS or a missing certificate has the message of a wrong password. */
function hint(settings: Settings): string {
  if (tlsMode('DATABASE', settings) === 'off') return '; or the server demands DATABASE_TLS';
  if (settings.DATABASE_TLS_CERT) return '; or the account is for another certificate';
  return '; or the account demands DATABASE_TLS_CERT and DATABASE_TLS_KEY';
}

function denialIn(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, original } = error as { readonly code?: unknown; readonly original?: unknown };
  if (code === 'ER_ACCESS_DENIED_ERROR') return error.message;
  return denialIn(original ?? error.cause);
}
