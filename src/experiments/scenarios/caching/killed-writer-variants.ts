import type { MakeCache } from '../../apparatus/caching/make-cache.js';
import { productCache } from '../../apparatus/caching/product-cache.js';
import { NAIVE_TTL_MS } from '../../apparatus/caching/read-for.js';
import { naiveSharedCache } from '../../naive/naive-shared-cache.js';

export type WriterVariant = 'evicts after the commit' | 'holds off before it (the product)';

export const writerVariants: Readonly<Record<WriterVariant, MakeCache>> = {
  'evicts after the commit': naiveSharedCache(NAIVE_TTL_MS),
  'holds off before it (the product)': productCache(),
};
