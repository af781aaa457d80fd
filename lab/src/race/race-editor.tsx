import { useRef } from 'preact/hooks';
import { MAX_HOLD_MS } from '../../../src/adapters/http/lab/lab-bounds.js';
import {
  orderProblem,
  RACE_KEY,
  type RaceStepName,
} from '../../../src/adapters/http/lab/race-order.js';
import type { RaceRequest } from '../api.js';
import { CheckedInput } from '../fields/checked-input.js';
import { NumberField } from '../fields/number-field.js';
import type { Texts } from '../texts/texts.js';
import { moved, PRESETS, presetOf, request, withLock } from './presets.js';

const MAX_RACERS = 5;

const isPossibleOrder = (steps: readonly RaceStepName[]) => orderProblem(steps) === undefined;

interface EditorProps {
  readonly texts: Texts;
  readonly race: readonly RaceRequest[];
  readonly onChange: (race: RaceRequest[]) => void;
}

/** The requests of a race: for each its key and its steps in order. */
export function RaceEditor({ texts, race, onChange }: EditorProps) {
  const add = useRef<HTMLButtonElement>(null);
  const isFull = race.length >= MAX_RACERS;
  const remove = (i: number) => {
    onChange(race.filter((_, other) => other !== i));
    // The button that was pressed disappears.
    add.current?.focus();
  };
  const change = (i: number, changed: RaceRequest) => onChange([...race].with(i, changed));
  return (
    <div class="race">
      <label>
        <span>{texts.race.presets}</span>
        <select
          value={presetOf(race)}
          onChange={({ currentTarget: { value } }) => onChange([...(PRESETS[value] ?? race)])}
        >
          {presetOf(race) === '' && <option value="">{texts.race.changed}</option>}
          {Object.keys(PRESETS).map((name) => (
            <option key={name} value={name}>
              {texts.race.preset[name] ?? name}
            </option>
          ))}
        </select>
      </label>
      <div class="racers">
        {race.map((one, i) => (
          <RequestEditor
            key={i}
            {...{ texts, name: `R${i + 1}`, request: one }}
            onChange={(changed) => change(i, changed)}
            onRemove={race.length > 2 ? () => remove(i) : undefined}
          />
        ))}
      </div>
      <button
        type="button"
        ref={add}
        aria-disabled={isFull}
        onClick={() => isFull || onChange([...race, request()])}
      >
        {texts.race.add}
      </button>
    </div>
  );
}

interface RequestProps {
  readonly texts: Texts;
  readonly name: string;
  readonly request: RaceRequest;
  readonly onChange: (request: RaceRequest) => void;
  readonly onRemove: (() => void) | undefined;
}

function RequestEditor({ texts, name, request: one, onChange, onRemove }: RequestProps) {
  const { race, wholeNumber } = texts;
  const isLocked = one.steps.some((step) => step.do === 'lock');
  const move = (from: number, by: 1 | -1) => moved(one, from, by, isPossibleOrder);
  return (
    <fieldset class="racer">
      <legend>{name}</legend>
      <label class="check">
        <input
          type="checkbox"
          class="tick-box"
          checked={isLocked}
          onChange={({ currentTarget: { checked } }) => onChange(withLock(one, checked))}
        />
        <span>{race.withLock(name)}</span>
      </label>
      {isLocked && (
        <CheckedInput
          label={race.key(name)}
          value={one.key}
          isRight={RACE_KEY.test(one.key)}
          rule={race.keyRule}
          onInput={({ value }) => onChange({ ...one, key: value })}
        />
      )}
      <ol>
        {one.steps.map((step, i) => {
          const label = race.steps[step.do];
          return (
            <li key={step.do}>
              <NumberField
                {...{ wholeNumber }}
                label={race.delay(label, name)}
                isLabelHidden
                min={0}
                max={MAX_HOLD_MS}
                value={step.delayMs}
                onChange={(delayMs) =>
                  onChange({ ...one, steps: one.steps.with(i, { ...step, delayMs }) })
                }
                attributes={{ class: 'race-field' }}
              />
              <span class="unit">ms</span>
              <strong>{label}</strong>
              {([-1, 1] as const).map((by) => {
                const next = move(i, by);
                return (
                  <button
                    key={by}
                    type="button"
                    class="race-field"
                    aria-disabled={!next}
                    onClick={() => next && onChange(next)}
                  >
                    <span aria-hidden="true">{by < 0 ? '↑' : '↓'}</span>
                    <span class="unseen">
                      {by < 0 ? race.up(label, name) : race.down(label, name)}
                    </span>
                  </button>
                );
              })}
            </li>
          );
        })}
      </ol>
      {onRemove && (
        <button type="button" class="quiet" onClick={onRemove}>
          {race.remove(name)}
        </button>
      )}
    </fieldset>
  );
}
