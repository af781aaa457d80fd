import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Report, Run } from '../api.js';
import { MeasurementsView } from '../charts/measurements-view.js';
import { brokenRules } from '../race/broken-rules.js';
import type { Texts } from '../texts/texts.js';
import { svgOf } from '../timeline/export-svg.js';
import { staleMs } from '../timeline/lanes.js';
import { OutcomeView } from './outcome-view.js';
import { TimelineView } from './timeline-view.js';

interface RunProps {
  readonly texts: Texts;
  readonly run: Run;
  readonly title: string;
  /** Length of the time axis, which compared runs share. */
  readonly totalMs: number;
  /** Shown above the run, if it is set. */
  readonly heading?: string;
  /** Further buttons. */
  readonly children?: ComponentChildren;
}

/** Time of the last step of a run. */
export function lengthMs({ reports }: Run): number {
  return Math.max(...reports.map(({ timeline }) => timeline.at(-1)?.atMs ?? 0));
}

/** A finished run: the outcome and the timeline of each variant, on one time axis. */
export function RunView({ texts, run, title, totalMs, heading, children }: RunProps) {
  const [isCopied, setCopied] = useState(false);
  const copy = () =>
    navigator.clipboard
      .writeText(new URL(`/lab#run=${run.id}`, location.href).href)
      .then(() => setCopied(true));
  return (
    <section class="run">
      {heading && <h3 class="run-heading">{heading}</h3>}
      <MeasurementsView {...{ texts, run }} />
      {run.reports.map((report) => (
        <ReportView key={report.variant} {...{ texts, report, totalMs, title }} runId={run.id} />
      ))}
      <footer class="actions">
        <p>
          {texts.startedAt} {new Date(run.startedAt).toLocaleString(document.documentElement.lang)}
        </p>
        {children}
        <button type="button" onClick={() => void copy()}>
          {isCopied ? texts.copied : texts.copyLink}
        </button>
        <button
          type="button"
          onClick={() =>
            save(
              `${run.experiment}-${run.id}.json`,
              JSON.stringify(run, null, 2),
              'application/json',
            )
          }
        >
          {texts.downloadJson}
        </button>
      </footer>
    </section>
  );
}

interface ReportProps extends Pick<RunProps, 'texts' | 'title'> {
  readonly report: Report;
  readonly totalMs: number;
  readonly runId: string;
}

function ReportView({ texts, report, totalMs, title, runId }: ReportProps) {
  const { lostUpdates, timeline, outcome } = report;
  const [current, setCurrent] = useState(() => firstMoment(report));
  const rules = outcome.kind === 'balance' ? brokenRules(report, texts) : [];
  const picture = () =>
    save(
      `${runId}.svg`,
      svgOf(report, `${title}: ${texts.variant(report.variant)}`, texts),
      'image/svg+xml',
    );
  return (
    <section class="report" aria-label={texts.variant(report.variant)}>
      <OutcomeView {...{ texts, report }} />
      {outcome.kind === 'balance' &&
        (lostUpdates.length + rules.length > 0 || outcome.refused === 0) && (
          <div class="why">
            <h4>{texts.why}</h4>
            {lostUpdates.length === 0 && outcome.refused === 0 && <p>{texts.noLoss}</p>}
            <ol>
              {lostUpdates.map((lost) => (
                <li key={`${lost.lost} ${lost.by}`}>
                  {texts.lost(lost)}{' '}
                  <button
                    type="button"
                    class="quiet"
                    onClick={() => setCurrent(momentOf(report, lost))}
                  >
                    {texts.showMoment}
                  </button>
                </li>
              ))}
            </ol>
            {rules.length > 0 && (
              <ul>
                {rules.map((rule) => (
                  <li key={rule}>{rule}</li>
                ))}
              </ul>
            )}
          </div>
        )}
      {timeline.length > 0 && (
        <>
          <TimelineView {...{ texts, report, totalMs, current, setCurrent }} />
          <p class="actions">
            <button type="button" onClick={picture}>
              {texts.downloadSvg}
            </button>
          </p>
        </>
      )}
    </section>
  );
}

function firstMoment(report: Report): number {
  const [lost] = report.lostUpdates;
  if (lost) return momentOf(report, lost);
  // In a cache experiment: the first stale answer.
  const stale = report.timeline.findIndex((step) => staleMs(step) !== undefined);
  return Math.max(0, stale);
}

/** The step in which the request that overwrites reads the value that is old. */
function momentOf({ timeline }: Report, { by, readAtMs }: Report['lostUpdates'][number]): number {
  const found = timeline.findIndex(
    ({ request, step, atMs }) => request === by && step === 'read' && atMs === readAtMs,
  );
  return Math.max(0, found);
}

function save(name: string, text: string, type: string): void {
  const link = document.createElement('a');
  link.download = name;
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.click();
  // The browser has begun to save by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
