import { naiveSharedCache } from '../../naive/naive-shared-cache.js';
import type { MakeCache } from '../../support/caching/make-cache.js';
import { productCache } from '../../support/caching/product-cache.js';
import { NAIVE_TTL_MS } from '../../support/caching/reads.js';

export type WriterVariant =
  | 'evicts after the commit'
  | 'sets a write intent before it (the product)';

export const writerVariants: Readonly<Record<WriterVariant, MakeCache>> = {
  'evicts after the commit': naiveSharedCache(NAIVE_TTL_MS),
  'sets a write intent before it (the product)': productCache(),
};
