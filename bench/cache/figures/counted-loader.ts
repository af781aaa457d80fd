/** What is read through the caches: as large as a small product, and counted when it is loaded. */
export class CountedLoader {
  loads = 0;

  readonly load = async (key: string): Promise<string> => {
    this.loads += 1;
    return productText(key);
  };
}

export function productText(key: string): string {
  const description = `What there is to say about ${key}, in a few words. `.repeat(4);
  return JSON.stringify({ id: key, name: `product ${key}`, priceCents: 1_999, description });
}
