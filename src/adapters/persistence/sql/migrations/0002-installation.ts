import type { Migration } from './migration.js';

/** Identifies this database, so that data about it in other systems (such as Redis) has its own prefix. */
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
