import type { Migration } from './migration.js';

/*
 * There is no foreign key to the product: its check would lock the row of the product for every
 * like, and so delay the editors and the count.
 */
const likes = `
CREATE TABLE product_likes (
  product_id CHAR(36) NOT NULL,
  user_id VARCHAR(128) NOT NULL,
  liked BOOLEAN NOT NULL,
  counted BOOLEAN NOT NULL,
  uncounted BOOLEAN GENERATED ALWAYS AS (liked <> counted) STORED,
  PRIMARY KEY (product_id, user_id)
)`;

export const likeTable: Migration = {
  name: '0003-likes',
  statements: [
    likes,
    'CREATE INDEX product_likes_uncounted ON product_likes (uncounted, product_id, user_id)',
  ],
};
