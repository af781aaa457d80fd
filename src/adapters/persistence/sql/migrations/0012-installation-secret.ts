import type { Migration } from './migration.js';

/** The secret with which all instances on this database sign. */
export const installationSecret: Migration = {
  name: '0012-installation-secret',
  statements: ['ALTER TABLE installation ADD COLUMN secret CHAR(64)'],
};
