import type { RunStep } from '../api.js';
import type { Texts } from '../texts/texts.js';

interface TableProps {
  readonly texts: Texts;
  readonly timeline: readonly RunStep[];
  readonly hiddenSteps: number;
  readonly current: number;
}

/** The steps of the timeline as a table, for screen readers and for search. */
export function StepTable({ texts, timeline, hiddenSteps, current }: TableProps) {
  return (
    <details class="steps">
      <summary>{texts.steps}</summary>
      <table>
        <thead>
          <tr>
            {texts.columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {timeline.map(({ atMs, request, step, detail }, index) => (
            <tr
              key={`${atMs} ${request} ${step}`}
              aria-current={index === current ? 'step' : undefined}
            >
              <td>{atMs.toFixed(1)}</td>
              <td>{request}</td>
              <td>{texts.step(step, detail)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {hiddenSteps > 0 && <p>{texts.hiddenSteps(hiddenSteps)}</p>}
    </details>
  );
}
