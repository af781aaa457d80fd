import { isNamedBy, matches, tagsIn } from '../requests/preconditions.js';

interface Tagged {
  readonly version: number;
  readonly likes: number;
}

/** The strong entity tag of a product (RFC 9110, section 8.8.3): it changes with every change. */
export function productTag({ version, likes }: Tagged): string {
  return `"${version}.${likes}"`;
}

/** Makes the predicate for If-Match and If-None-Match of a change of a product. */
export function productCondition(
  ifMatch: string | undefined,
  ifNoneMatch: string | undefined,
): (product: Tagged) => boolean {
  return (product) =>
    (ifMatch === undefined || matchesVersion(ifMatch, product)) &&
    (ifNoneMatch === undefined || !isNamedBy(ifNoneMatch, productTag(product)));
}

/** Ignores the likes in the tag: no write of a product can overwrite them. */
function matchesVersion(ifMatch: string, product: Tagged): boolean {
  const versions = tagsIn(ifMatch).map((tag) => /^"(\d{1,16})\.\d{1,16}"$/.exec(tag)?.[1]);
  return matches(ifMatch, undefined) || versions.includes(`${product.version}`);
}
