/** The source behind the caches. It returns a text of the size of a small product, and counts loads. */
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
