import { parseArgs } from 'node:util';
import { readSettings } from '../config/settings.js';
import { signToken } from '../config/sign-token.js';
import { USER_ID } from '../domain/user-id.js';
import { CommandError, runCommand } from './run-command.js';

/** `npm run token -- --user U [--role admin]` prints one token for the local service. */
await runCommand(async () => {
  const { values } = parseArgs({ options: { user: { type: 'string' }, role: { type: 'string' } } });
  const { user, role = 'customer' } = values;
  if (!user || !USER_ID.test(user)) {
    throw new CommandError(
      '--user U: name a user by 1 to 128 visible ASCII characters, but not me, . or ..',
    );
  }
  if (role !== 'customer' && role !== 'admin') {
    throw new CommandError('--role is customer or admin');
  }
  console.log(await signToken(readSettings(process.env), user, role));
});
