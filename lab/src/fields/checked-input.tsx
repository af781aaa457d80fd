import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';

interface InputProps {
  readonly label: string;
  /** Where the place says it already, only screen readers get the label. */
  readonly isLabelHidden?: boolean;
  readonly value: string;
  readonly isRight: boolean;
  /** What a right value is. */
  readonly rule: string;
  readonly onInput: (input: HTMLInputElement) => void;
  /** Further attributes, such as the type. */
  readonly attributes?: Readonly<Record<string, string | number>>;
}

/**
 * An input that says below it what a right value is, once its form was sent with a wrong one. The message of the
 * browser itself is in the language of the browser, and disappears soon.
 *
 * A message that appears when the reader leaves the field would move the button that is being pressed.
 */
export function CheckedInput(props: InputProps) {
  const { label, isLabelHidden, value, isRight, rule, onInput, attributes } = props;
  const [isChecked, setChecked] = useState(false);
  const ref = useRef<HTMLInputElement>(null);
  const ruleId = useId();
  const isWrong = isChecked && !isRight;

  // Before the next event, so that no form is sent with a wrong value.
  useLayoutEffect(() => ref.current?.setCustomValidity(isRight ? '' : rule), [isRight, rule]);

  return (
    <div class="field">
      <label>
        <span class={isLabelHidden ? 'unseen' : undefined}>{label}</span>
        <input
          {...attributes}
          ref={ref}
          value={value}
          aria-invalid={isWrong}
          aria-describedby={isWrong ? ruleId : undefined}
          onInput={({ currentTarget }) => onInput(currentTarget)}
          onInvalid={(event) => {
            event.preventDefault();
            setChecked(true);
            if (isFirstInvalid(event.currentTarget)) event.currentTarget.focus();
          }}
        />
      </label>
      {isWrong && (
        <p class="field-problem" id={ruleId} role="alert">
          {rule}
        </p>
      )}
    </div>
  );
}

function isFirstInvalid(input: HTMLInputElement): boolean {
  return input.form?.querySelector('input:invalid') === input;
}
