import type {
  Migration,
  Statement,
} from '../../src/adapters/persistence/sql/migrations/migration.js';

/** The last step of version 0.1.0. Before the first version there was no earlier one to keep working. */
const LAST_OF_FIRST_VERSION = '0012-installation-secret';

/** What breaks instances of the version before, which run on the same schema during an upgrade. */
const BREAKING: readonly (readonly [pattern: RegExp, why: string])[] = [
  [
    /\bDROP\s+(?:TABLE|COLUMN)\b|\bDROP\s+(?!INDEX|CONSTRAINT|CHECK|TABLE|COLUMN)\w/i,
    'removes what they use',
  ],
  [/\bRENAME\b|\bCHANGE\s+(?:COLUMN\s+)?\w/i, 'renames what they use'],
  [/\bMODIFY\b|\bALTER\s+COLUMN\b/i, 'changes a column that they write'],
  [/\bTRUNCATE\b|\bDELETE\s+FROM\b/i, 'deletes rows that they read'],
  [
    /\bADD\s+COLUMN\s+(?=[^,]*\bNOT\s+NULL\b)(?![^,]*\b(?:DEFAULT|AUTO_INCREMENT)\b)/i,
    'demands a column that they do not write',
  ],
];

/**
 * The problems of these steps, one line each. A step that breaks the version before must name in `contracts`
 * the released version that no longer uses what it removes.
 */
export function migrationProblems(migrations: readonly Migration[]): string[] {
  return migrations.flatMap((migration, i) => {
    const { name, contracts } = migration;
    const before = migrations[i - 1]?.name ?? '';
    const order = name > before ? [] : [`${name}: must sort after ${before}`];
    if (name <= LAST_OF_FIRST_VERSION || contracts !== undefined) return order;
    const breaking = migration.statements.flatMap(textsOf).flatMap((sql) => {
      const found = BREAKING.find(([pattern]) => pattern.test(sql));
      if (!found) return [];
      return [`${name}: breaks instances of the version before: ${found[1]}: ${shortened(sql)}`];
    });
    return [...order, ...breaking];
  });
}

function textsOf(statement: Statement): string[] {
  if (typeof statement === 'string') return [statement];
  return [statement.mysql, statement.sqlite].filter((sql) => sql !== undefined);
}

function shortened(sql: string): string {
  return sql.replaceAll(/\s+/g, ' ').trim().slice(0, 80);
}
