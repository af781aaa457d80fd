import { MAX_HOLD_MS, MAX_REQUESTS } from '../../../src/adapters/http/lab/lab-bounds.js';
import type { Settings } from '../api.js';
import { NumberField } from '../fields/number-field.js';
import { RaceEditor } from '../race/race-editor.js';
import type { Texts } from '../texts/texts.js';

interface FormProps {
  readonly texts: Texts;
  readonly settings: Settings;
  readonly onChange: (settings: Settings) => void;
}

/** The settings that the experiment has. */
export function SettingsForm({ texts, settings, onChange }: FormProps) {
  const { requests, holdMs, strategy, race } = settings;
  return (
    <>
      {race !== undefined && (
        <RaceEditor
          {...{ texts, race }}
          onChange={(changed) => onChange({ ...settings, race: changed })}
        />
      )}
      {requests !== undefined && (
        <NumberField
          wholeNumber={texts.wholeNumber}
          label={texts.requests}
          min={2}
          max={MAX_REQUESTS}
          value={requests}
          onChange={(value) => onChange({ ...settings, requests: value })}
        />
      )}
      {holdMs !== undefined && (
        <NumberField
          wholeNumber={texts.wholeNumber}
          label={texts.holdMs}
          min={10}
          max={MAX_HOLD_MS}
          value={holdMs}
          onChange={(value) => onChange({ ...settings, holdMs: value })}
          attributes={{ title: texts.holdHint }}
        />
      )}
      {strategy !== undefined && (
        <label>
          <span>{texts.strategy}</span>
          <select
            value={strategy}
            onChange={({ currentTarget: { value } }) =>
              onChange({ ...settings, strategy: value as typeof strategy })
            }
          >
            {(['simple', 'spin', 'pubsub'] as const).map((way) => (
              <option key={way} value={way}>
                {way}
              </option>
            ))}
          </select>
        </label>
      )}
    </>
  );
}
