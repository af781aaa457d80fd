import { MAX_HOLD_MS, MAX_REQUESTS } from '../../../src/adapters/http/lab/lab-bounds.js';
import type { Settings } from '../api.js';
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
        <label>
          <span>{texts.requests}</span>
          <input
            type="number"
            min={2}
            max={MAX_REQUESTS}
            required
            value={requests}
            onChange={({ currentTarget: { valueAsNumber } }) =>
              onChange({ ...settings, requests: valueAsNumber })
            }
          />
        </label>
      )}
      {holdMs !== undefined && (
        <label title={texts.holdHint}>
          <span>{texts.holdMs}</span>
          <input
            type="number"
            min={10}
            max={MAX_HOLD_MS}
            step={10}
            required
            value={holdMs}
            onChange={({ currentTarget: { valueAsNumber } }) =>
              onChange({ ...settings, holdMs: valueAsNumber })
            }
          />
        </label>
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
