import { readSettings } from '../config/settings/settings.js';
import { signToken } from '../config/settings/tokens/sign-token.js';
import { USER_ID } from '../domain/user-id.js';
import { type CommandUsage, UsageError } from './command-line.js';
import { runCommand } from './run-command.js';

const USAGE = {
  command: 'npm run token',
  synopsis: '--user U [--role admin]',
  does: `Prints one token for the service that runs here, and nothing else (with npm's --silent).
It is signed with JWT_SECRET, or with the secret that the service keeps in DATA_DIR.`,
  options: {
    user: { type: 'string', value: 'U', says: "the user's id" },
    role: { type: 'string', value: 'R', default: 'customer', says: 'customer or admin' },
  },
  examples: ['--user alice', '--user admin --role admin'],
} as const satisfies CommandUsage;

await runCommand(USAGE, async ({ values: { user, role } }) => {
  if (!user || !USER_ID.test(user)) {
    throw new UsageError(
      '--user U: name a user by 1 to 128 visible ASCII characters, but not me, . or ..',
    );
  }
  if (role !== 'customer' && role !== 'admin') {
    throw new UsageError('--role is customer or admin');
  }
  console.log(await signToken(readSettings(process.env), user, role));
});
