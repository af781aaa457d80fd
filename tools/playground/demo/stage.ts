import type { Role } from '../../../src/adapters/http/auth/caller.js';
import { readSettings } from '../../../src/config/settings/settings.js';
import { signToken } from '../../../src/config/settings/tokens/sign-token.js';
import { ApiClient } from '../../../test/support/api-client.js';

/** The cluster of the demonstration. */
export interface Stage {
  readonly proxy: string;
  readonly instances: readonly string[];
  /** Settings that sign tokens. */
  readonly env: Readonly<Record<string, string>>;
  /** Address of Redis; undefined if it is not known. */
  readonly redis: string | undefined;
}

export async function clientOf({ env }: Stage, url: string, user: string, role?: Role) {
  return new ApiClient(url, await signToken(readSettings({ ...env }), user, role ?? 'customer'));
}

export function say(line = ''): void {
  console.log(line);
}
