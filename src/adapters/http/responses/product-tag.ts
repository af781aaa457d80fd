import { isNamedBy, matches, tagsIn } from '../requests/preconditions.js';

interface Tagged {
  readonly version: number;
  readonly likes: number;
}

/** A product's strong entity tag (RFC 9110, section 8.8.3): it changes with every byte of it. */
export function productTag({ version, likes }: Tagged): string {
  return `"${version}.${likes}"`;
}

/** What If-Match and If-None-Match ask of a product that is to be changed. */
export function productCondition(
  ifMatch: string | undefined,
  ifNoneMatch: string | undefined,
): (product: Tagged) => boolean {
  return (product) =>
    (ifMatch === undefined || isMeant(ifMatch, product)) &&
    (ifNoneMatch === undefined || !isNamedBy(ifNoneMatch, productTag(product)));
}

/** Likes do not count: nobody edits them, so they cannot be overwritten. */
function isMeant(ifMatch: string, product: Tagged): boolean {
  const versions = tagsIn(ifMatch).map((tag) => /^"(\d{1,16})\.\d{1,16}"$/.exec(tag)?.[1]);
  return matches(ifMatch, undefined) || versions.includes(`${product.version}`);
}
