import type { ClusterTexts } from '../texts/cluster-texts.js';
import { type ClusterSnapshot, nameOf, type ShownInstance } from './cluster-api.js';

/** What has happened between two snapshots, in words. A screen reader reads it aloud. */
export function noticeOf(
  before: ClusterSnapshot | undefined,
  { change, instances }: ClusterSnapshot,
  texts: ClusterTexts,
  number: (value: number) => string,
): string | undefined {
  const price = change && texts.points(number(change.price));
  const known = before?.change;
  if (price && (known?.version !== change.version || known.agreedMs !== change.agreedMs)) {
    if (change.agreedMs === undefined) return texts.agreeing(price);
    const answering = instances.filter(({ silentMs }) => silentMs === 0).length;
    return texts.agreed(price, Math.round(change.agreedMs), answering);
  }
  for (const instance of instances) {
    const earlier = before?.instances.find((one) => one.number === instance.number);
    const notice = earlier && ofInstance(earlier, instance, texts);
    if (notice) return notice;
  }
  return undefined;
}

function ofInstance(
  before: ShownInstance,
  now: ShownInstance,
  texts: ClusterTexts,
): string | undefined {
  const name = nameOf(now);
  if (!before.silentMs && now.silentMs) return texts.isSilent(name);
  if (before.silentMs && !now.silentMs) return texts.answersAgain(name);
  if (!before.state) return undefined;
  const [wasCut, isCut] = [before, now].map(({ state }) => (state?.bus?.cutForMs ?? 0) > 0);
  if (wasCut === isCut) return undefined;
  return isCut ? texts.wasCut(name) : texts.isBack(name);
}
