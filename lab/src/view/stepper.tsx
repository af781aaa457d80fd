import type { RunStep } from '../api.js';
import type { Texts } from '../texts/texts.js';

interface StepperProps {
  readonly texts: Texts;
  readonly timeline: readonly RunStep[];
  readonly current: number;
  readonly setCurrent: (index: number) => void;
}

/** Goes through the steps one by one, and says each in words. */
export function Stepper({ texts, timeline, current, setCurrent }: StepperProps) {
  const last = timeline.length - 1;
  const buttons = [
    ['|‹', texts.first, 0],
    ['‹', texts.previous, Math.max(0, current - 1)],
    ['›', texts.next, Math.min(last, current + 1)],
    ['›|', texts.last, last],
  ] as const;
  const at = timeline[current];
  return (
    <fieldset class="stepper">
      <legend class="unseen">{texts.stepBy}</legend>
      {buttons.map(([sign, label, target]) => (
        <button
          key={label}
          type="button"
          aria-disabled={target === current}
          onClick={() => setCurrent(target)}
        >
          <span aria-hidden="true">{sign}</span>
          <span class="unseen">{label}</span>
        </button>
      ))}
      <input
        type="range"
        class="slider"
        min={0}
        max={last}
        value={current}
        aria-label={texts.stepBy}
        onInput={({ currentTarget: { valueAsNumber } }) => setCurrent(valueAsNumber)}
      />
      <output aria-live="polite">
        <span class="step-number">{texts.stepOf(current + 1, timeline.length)}</span>
        {at && (
          <>
            <span class="step-time">{at.atMs.toFixed(1)} ms</span>
            <strong>
              {at.request} · {texts.step(at.step, at.detail)}
            </strong>
          </>
        )}
      </output>
    </fieldset>
  );
}
