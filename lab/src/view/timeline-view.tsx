import { useEffect, useRef, useState } from 'preact/hooks';
import type { Outcome, Report } from '../api.js';
import type { LegendKey, Texts } from '../texts/texts.js';
import { Chart, LANE_HEIGHT, LANE_TOP } from '../timeline/chart.js';
import { lanesOf } from '../timeline/lanes.js';
import { useWidth } from '../timeline/use-width.js';
import { StepTable } from './step-table.js';
import { Stepper } from './stepper.js';

const MAX_ZOOM = 64;
/** Width of the names of the requests, as in the style sheet. */
const NAMES_PX = 76;
const LEGENDS: Partial<Record<Outcome['kind'], readonly LegendKey[]>> = {
  balance: ['waiting', 'held', 'open', 'committed', 'refused', 'lost'],
  freshness: ['answered', 'stale', 'committed', 'refused'],
};

interface TimelineProps {
  readonly texts: Texts;
  readonly report: Report;
  readonly totalMs: number;
  readonly current: number;
  readonly setCurrent: (index: number) => void;
}

export function TimelineView({ texts, report, totalMs, current, setCurrent }: TimelineProps) {
  const [zoom, setZoom] = useState(1);
  const scroller = useRef<HTMLDivElement>(null);
  const widthPx = useWidth(scroller);
  const { timeline, lostUpdates, hiddenSteps, outcome } = report;
  const atMs = timeline[current]?.atMs ?? 0;
  const legend = LEGENDS[outcome.kind] ?? [];

  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const x = (atMs / Math.max(totalMs, 0.1)) * widthPx * zoom;
    const isVisible = x > box.scrollLeft + 40 && x < box.scrollLeft + box.clientWidth - 40;
    if (!isVisible) box.scrollLeft = x - box.clientWidth / 2;
  }, [atMs, totalMs, widthPx, zoom]);

  return (
    <div class="timeline">
      <div class="timeline-head">
        <h4>{texts.timeline}</h4>
        <ul class="legend">
          {legend.map((kind) => (
            <li key={kind}>
              <span class={`key key-${kind}`} aria-hidden="true" />
              {texts.legend[kind]}
            </li>
          ))}
        </ul>
        <div class="zoom">
          <button
            type="button"
            onClick={() => setZoom(Math.max(1, zoom / 2))}
            aria-disabled={zoom <= 1}
          >
            <span aria-hidden="true">−</span>
            <span class="unseen">{texts.zoomOut}</span>
          </button>
          <button
            type="button"
            onClick={() => setZoom(Math.min(MAX_ZOOM, zoom * 2))}
            aria-disabled={zoom >= MAX_ZOOM}
          >
            <span aria-hidden="true">+</span>
            <span class="unseen">{texts.zoomIn}</span>
          </button>
          <button type="button" onClick={() => setZoom(1)} aria-disabled={zoom === 1}>
            {texts.fit}
          </button>
        </div>
      </div>
      <div class="plot">
        <svg
          class="names"
          width={NAMES_PX}
          height={LANE_TOP + lanesOf(timeline).length * LANE_HEIGHT}
          aria-hidden="true"
        >
          <text class="name-unit" x={NAMES_PX - 6} y="14" text-anchor="end">
            ms
          </text>
          {lanesOf(timeline).map(({ request }, i) => (
            <text key={request} x="4" y={LANE_TOP + i * LANE_HEIGHT + 32}>
              {request}
            </text>
          ))}
        </svg>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard must be able to scroll it */}
        <section class="scroller" ref={scroller} tabIndex={0} aria-label={texts.timeline}>
          {widthPx > 0 && (
            <Chart
              {...{ texts, timeline, lostUpdates, totalMs, current }}
              widthPx={widthPx * zoom}
              onSelect={setCurrent}
            />
          )}
        </section>
      </div>
      <Stepper {...{ texts, timeline, current, setCurrent }} />
      <StepTable {...{ texts, timeline, hiddenSteps, current }} />
    </div>
  );
}
