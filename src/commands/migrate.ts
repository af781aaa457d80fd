import 'reflect-metadata';
import { connectDatabase } from '../config/database/connect-database.js';
import { finishRestore, migrateSchema, readSchema } from '../config/database/schema.js';
import { readSettings } from '../config/settings/settings.js';
import { type CommandUsage, UsageError } from './command-line.js';
import { commandLogger } from './command-logger.js';
import { CommandError, runCommand } from './run-command.js';

const USAGE = {
  command: 'npm run migrate',
  synopsis: '[--status | --after-restore]',
  does: `Brings the schema of the database up to date: the one that DATABASE_URL names, or the SQLite file in
DATA_DIR. Several processes may migrate at once: one works, the others wait for it. A start of an
instance does the same, unless MIGRATE=off. Migrations only go forward.`,
  options: {
    status: {
      type: 'boolean',
      says: 'changes nothing; lists the migrations, and ends with 1 when some are missing',
    },
    'after-restore': {
      type: 'boolean',
      says: 'the last step after a backup was restored, while no instance runs (docs/operations/backup.md)',
    },
  },
  examples: ['', '--status', '--after-restore'],
} as const satisfies CommandUsage;

await runCommand(USAGE, async ({ values }) => {
  if (values.status && values['after-restore']) {
    throw new UsageError('--status and --after-restore exclude each other');
  }
  await using resources = new AsyncDisposableStack();
  const settings = readSettings(process.env);
  const connected = await connectDatabase(settings, resources, commandLogger());
  if (values.status) {
    report(await readSchema(connected));
    return;
  }
  const done = await migrateSchema(connected);
  for (const name of done) console.log(`applied  ${name}`);
  if (done.length === 0) console.log('the schema is up to date');
  if (!values['after-restore']) return;
  const { formerId, id, queued } = await finishRestore(connected);
  console.log(`the database has the id ${id}; before: ${formerId ?? 'none'}`);
  console.log(`queued again: ${queued} order requests`);
});

/** @throws CommandError migrations are missing */
function report({ done, missing, newer }: Awaited<ReturnType<typeof readSchema>>): void {
  for (const name of done) {
    console.log(newer.includes(name) ? `newer    ${name}` : `applied  ${name}`);
  }
  for (const name of missing) console.log(`missing  ${name}`);
  if (missing.length > 0) throw new CommandError(`missing migrations: ${missing.length}`);
}
