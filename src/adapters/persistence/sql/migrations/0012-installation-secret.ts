import type { Migration } from './migration.js';

/** What all instances on this database sign with, and nobody else can. */
export const installationSecret: Migration = {
  name: '0012-installation-secret',
  statements: ['ALTER TABLE installation ADD COLUMN secret CHAR(64)'],
};
