/**
 * The longest time without any of these moments in a span, in the unit of the moments. A long run has
 * hundreds of thousands of them, which are more than `Math.max` takes as arguments.
 */
export function longestGap(
  moments: readonly number[],
  { from, to }: { readonly from: number; readonly to: number },
): number {
  const within = moments.filter((at) => at >= from && at <= to).sort((a, b) => a - b);
  let longest = 0;
  let last = from;
  for (const at of [...within, to]) {
    longest = Math.max(longest, at - last);
    last = at;
  }
  return longest;
}
