import type { Migration } from './migration.js';

/** What tells this database from every other, for what is kept of it elsewhere. */
export const installation: Migration = {
  name: '0002-installation',
  statements: [
    `
CREATE TABLE installation (
  only_row INTEGER NOT NULL PRIMARY KEY,
  id CHAR(36) NOT NULL,
  CONSTRAINT installation_has_one_row CHECK (only_row = 1)
)`,
  ],
};
