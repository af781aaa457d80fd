import { expect } from 'chai';
import { MIGRATIONS } from '../../../src/adapters/persistence/sql/migrations/migrate.js';
import type { Statement } from '../../../src/adapters/persistence/sql/migrations/migration.js';
import { migrationProblems } from '../../../tools/check/migration-rules.js';

function step(statement: Statement, name = '9000-planted') {
  return [{ name, statements: [statement] }];
}

const BREAKING: readonly Statement[] = [
  'DROP TABLE wallets',
  'ALTER TABLE wallets DROP COLUMN balance',
  'ALTER TABLE wallets DROP balance',
  'ALTER TABLE wallets RENAME COLUMN balance TO points',
  'RENAME TABLE wallets TO purses',
  'ALTER TABLE wallets CHANGE balance points BIGINT',
  { mysql: 'ALTER TABLE wallets MODIFY balance INTEGER' },
  'ALTER TABLE wallets ADD COLUMN currency CHAR(3) NOT NULL',
  { sqlite: 'ALTER TABLE wallets ADD COLUMN a INTEGER, ADD COLUMN b INTEGER NOT NULL' },
  'DELETE FROM answers',
];

const HARMLESS: readonly Statement[] = [
  'CREATE TABLE coupons (id CHAR(36) NOT NULL PRIMARY KEY)',
  'CREATE INDEX coupons_by_id ON coupons (id)',
  { mysql: 'DROP INDEX orders_of_user ON orders' },
  'ALTER TABLE wallets ADD COLUMN currency CHAR(3)',
  "ALTER TABLE wallets ADD COLUMN currency CHAR(3) NOT NULL DEFAULT 'KRW'",
  "UPDATE wallets SET currency = 'KRW' WHERE currency IS NULL",
];

describe('The check of migrations', () => {
  for (const statement of BREAKING) {
    it(`refuses ${JSON.stringify(statement)}`, () => {
      expect(migrationProblems(step(statement)).join('\n')).to.match(
        /^9000-planted: breaks [^\n]+$/,
      );
    });

    it(`accepts ${JSON.stringify(statement)} when released versions no longer need it`, () => {
      const planted = step(statement).map((each) => ({ ...each, contracts: '0.1.0' }));
      expect(migrationProblems(planted)).to.deep.equal([]);
    });
  }

  for (const statement of HARMLESS) {
    it(`accepts ${JSON.stringify(statement)}`, () => {
      expect(migrationProblems(step(statement))).to.deep.equal([]);
    });
  }

  it('refuses a step whose name sorts before an earlier one', () => {
    const planted = [...MIGRATIONS, ...step('SELECT 1', '0001-late')];
    expect(migrationProblems(planted).join()).to.match(/^0001-late: must sort after /);
  });
});
