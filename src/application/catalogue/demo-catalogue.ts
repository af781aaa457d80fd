import type { NewProduct } from './create-product.js';

const product = (sku: string, name: string, price: number, category: string, stock: number) => ({
  sku,
  name,
  price,
  category,
  stock,
});

/** A small shop to try the service on; prices in points. */
export const DEMO_CATALOGUE: readonly NewProduct[] = [
  product('TEA-001', 'Jeju green tea, 50 g', 12_000, 'tea', 500),
  product('TEA-002', 'Roasted barley tea, 30 bags', 4_500, 'tea', 1_000),
  product('TEA-003', 'Buckwheat tea, 100 g', 7_900, 'tea', 300),
  product('CUP-001', 'White porcelain cup', 18_000, 'tableware', 120),
  product('CUP-002', 'Celadon cup with lid', 42_000, 'tableware', 40),
  product('POT-001', 'Cast iron teapot, 0.6 l', 89_000, 'tableware', 25),
  product('BOK-001', 'A short history of tea', 16_500, 'books', 80),
  product('BOK-002', 'Brewing by the minute', 14_000, 'books', 60),
  product('SWT-001', 'Honey yakgwa, 12 pieces', 9_800, 'sweets', 200),
  product('SWT-002', 'Sesame dasik, 20 pieces', 13_500, 'sweets', 150),
  product('CON-001', 'Ticket: evening of slow tea', 55_000, 'events', 100),
  product('CON-002', 'Ticket: pottery for beginners', 70_000, 'events', 50),
];
