import { useState } from 'preact/hooks';
import type { Texts } from '../texts/texts.js';
import { CheckedInput } from './checked-input.js';

interface FieldProps {
  readonly wholeNumber: Texts['wholeNumber'];
  readonly label: string;
  readonly isLabelHidden?: boolean;
  readonly min: number;
  readonly max: number;
  /** NaN while the field has no number. */
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly attributes?: Readonly<Record<string, string | number>>;
}

/** A field for a whole number. */
export function NumberField({ wholeNumber, value, onChange, attributes, ...field }: FieldProps) {
  const { min, max } = field;
  const [text, setText] = useState('');
  // Another value comes from elsewhere, such as the settings of a run that was opened.
  const isTyped = Object.is(numberOf(text), value);
  const written = Number.isNaN(value) ? '' : `${value}`;
  return (
    <CheckedInput
      {...field}
      value={isTyped ? text : written}
      isRight={Number.isSafeInteger(value) && value >= min && value <= max}
      rule={wholeNumber(min, max)}
      onInput={(input) => {
        setText(input.value);
        onChange(numberOf(input.value));
      }}
      attributes={{ ...attributes, type: 'number', min, max }}
    />
  );
}

/** The browser empties what is no number. */
function numberOf(text: string): number {
  return text === '' ? Number.NaN : Number(text);
}
