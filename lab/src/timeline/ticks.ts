const NICE = [1, 2, 5, 10];

/** Round times for an axis, about one every `everyPx` pixels. */
export function ticks(totalMs: number, widthPx: number, everyPx = 90): readonly number[] {
  const rough = (totalMs * everyPx) / Math.max(widthPx, 1);
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 0.1)));
  const stepMs = (NICE.find((factor) => factor * power >= rough) ?? 10) * power;
  const count = Math.floor(totalMs / stepMs) + 1;
  return Array.from({ length: count }, (_, i) => i * stepMs);
}
