interface Tagged {
  readonly version: number;
  readonly likes: number;
}

/** A product's strong entity tag (RFC 9110, section 8.8.3): it changes with every byte of it. */
export function productTag({ version, likes }: Tagged): string {
  return `"${version}.${likes}"`;
}

/**
 * The versions that an If-Match header accepts; undefined when it accepts any (`*`) or is absent.
 * Likes do not count: nobody edits them, so they cannot be overwritten.
 */
export function versionsIn(ifMatch: string | undefined): readonly number[] | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  const strongTags = ifMatch.split(',').map((tag) => /^"(\d{1,16})\.\d+"$/.exec(tag.trim()));
  return strongTags.flatMap((match) => (match?.[1] ? [Number(match[1])] : []));
}
