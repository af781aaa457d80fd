import { useRef } from 'preact/hooks';
import type { Run, RunStep } from '../api.js';
import type { Texts } from '../texts/texts.js';
import { Chart } from '../timeline/chart.js';
import { useWidth } from '../timeline/use-width.js';
import type { Progress } from './use-runs.js';

/** Width of the names of the requests, in pixels. */
const NAMES_PX = 90;

interface ProgressProps {
  readonly texts: Texts;
  readonly progress: Progress | undefined;
  /** The run that is shown when none is under way. */
  readonly run: Run | undefined;
}

/**
 * How far a run is: its last step in words, and the timeline of its present variant. A screen reader
 * announces the begin and the result, and not each step.
 */
export function ProgressView({ texts, progress, run }: ProgressProps) {
  const box = useRef<HTMLDivElement>(null);
  const widthPx = useWidth(box);
  const timeline = presentVariant(progress?.steps ?? []);
  return (
    <div class="progress">
      <div role="status">
        {progress ? (
          <p>
            <strong>{progress.ahead > 0 ? texts.queued(progress.ahead) : texts.running}</strong>
            <LastStep {...{ texts, progress }} />
          </p>
        ) : (
          run && <span class="unseen">{resultOf(run, texts)}</span>
        )}
      </div>
      <div class="live" ref={box}>
        {timeline.length > 0 && widthPx > 0 && (
          <Chart
            {...{ texts, timeline, widthPx }}
            lostUpdates={[]}
            totalMs={timeline.at(-1)?.atMs ?? 0}
            gutterPx={NAMES_PX}
          />
        )}
      </div>
    </div>
  );
}

function LastStep({ texts, progress: { steps } }: { texts: Texts; progress: Progress }) {
  const last = steps.at(-1);
  if (!last) return null;
  const { request, step, detail } = last;
  return (
    <span aria-hidden="true">
      {` · ${texts.liveSteps(steps.length)} · ${request} ${texts.step(step, detail)}`}
    </span>
  );
}

/** The result of each variant in one line. */
export function resultOf({ reports }: Run, texts: Texts): string {
  return reports
    .map(({ variant, outcome }) => `${texts.variant(variant)}: ${texts.headline(outcome)}`)
    .join('; ');
}

/** The steps since the last one at time 0, which begins a variant; in order of time. */
function presentVariant(steps: readonly RunStep[]): readonly RunStep[] {
  const begin = Math.max(
    0,
    steps.findLastIndex(({ atMs }) => atMs === 0),
  );
  return steps.slice(begin).toSorted((a, b) => a.atMs - b.atMs);
}
