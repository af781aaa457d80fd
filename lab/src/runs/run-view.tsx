import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Report, Run } from '../api.js';
import { MeasurementsView } from '../charts/measurements-view.js';
import type { Texts } from '../texts/texts.js';
import { svgOf } from '../timeline/export-svg.js';
import { TimelineView } from '../view/timeline-view.js';
import { OutcomeView } from './outcome-view.js';
import { lossesOf, type Reason, reasonsOf } from './reasons.js';

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
  /** Whether the link is in the clipboard; undefined before the first try. */
  const [isCopied, setCopied] = useState<boolean | undefined>();
  const link = new URL(`/lab#run=${run.id}`, location.href).href;
  const copy = () =>
    navigator.clipboard.writeText(link).then(
      () => setCopied(true),
      // The reader has not allowed it.
      () => setCopied(false),
    );
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
        {/* Browsers have a clipboard only on pages from this machine or over TLS. */}
        {navigator.clipboard && (
          <button type="button" onClick={() => void copy()}>
            {isCopied ? texts.copied : texts.copyLink}
          </button>
        )}
        {(!navigator.clipboard || isCopied === false) && <a href={link}>{texts.linkToRun}</a>}
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
  const { timeline } = report;
  const losses = lossesOf(report, texts);
  const reasons = reasonsOf(report, texts);
  const [current, setCurrent] = useState(() => [...losses, ...reasons].find(isShown)?.at ?? 0);
  const picture = () =>
    save(
      `${runId}.svg`,
      svgOf(report, `${title}: ${texts.variant(report.variant)}`, texts),
      'image/svg+xml',
    );
  return (
    <section class="report" aria-label={texts.variant(report.variant)}>
      <OutcomeView {...{ texts, report }} />
      {losses.length + reasons.length > 0 && (
        <div class="why">
          <h4>{texts.why.title}</h4>
          <ol>
            {losses.map((reason) => (
              <ReasonView key={reason.text} {...{ texts, reason, setCurrent }} />
            ))}
          </ol>
          <ul>
            {reasons.map((reason) => (
              <ReasonView key={reason.text} {...{ texts, reason, setCurrent }} />
            ))}
          </ul>
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

interface ReasonProps {
  readonly texts: Texts;
  readonly reason: Reason;
  readonly setCurrent: (index: number) => void;
}

function ReasonView({ texts, reason: { text, at }, setCurrent }: ReasonProps) {
  return (
    <li>
      {text}{' '}
      {at !== undefined && (
        <button type="button" class="quiet" onClick={() => setCurrent(at)}>
          {texts.why.showMoment}
        </button>
      )}
    </li>
  );
}

const isShown = ({ at }: Reason) => at !== undefined;

function save(name: string, text: string, type: string): void {
  const link = document.createElement('a');
  link.download = name;
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.click();
  // The browser has begun to save by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
