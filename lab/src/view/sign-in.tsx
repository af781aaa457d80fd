import { useState } from 'preact/hooks';
import { signInByToken } from '../api.js';
import { CheckedInput } from '../fields/checked-input.js';
import { problemText } from '../texts/problem-texts.js';
import type { Texts } from '../texts/texts.js';

interface SignInProps {
  readonly texts: Texts;
  readonly problem: string | undefined;
  readonly onDone: () => Promise<void>;
}

/** Three parts in base64url (RFC 7519, section 3). */
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;

export function SignIn({ texts, problem, onDone }: SignInProps) {
  const [token, setToken] = useState('');
  const [failure, setFailure] = useState(problem);
  const [isSending, setSending] = useState(false);
  // A terminal breaks long lines, and the header that clients send begins with a word.
  const pasted = token.replace(/\s+/g, '').replace(/^Bearer/i, '');
  const submit = async () => {
    setFailure(undefined);
    setSending(true);
    try {
      await signInByToken(pasted);
      await onDone();
    } catch (error) {
      setFailure(problemText(error, texts.problems));
    } finally {
      setSending(false);
    }
  };
  return (
    <main class="sign-in" tabIndex={-1}>
      <h2>{texts.signIn}</h2>
      {failure && (
        <p class="problem" role="alert">
          {failure}
        </p>
      )}
      <p>{texts.signInHint}</p>
      <pre>npm run --silent token -- --user admin --role admin</pre>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isSending) void submit();
        }}
      >
        <CheckedInput
          label={texts.token}
          value={token}
          isRight={TOKEN.test(pasted)}
          rule={texts.tokenRule}
          onInput={({ value }) => setToken(value)}
          attributes={{ type: 'password', autocomplete: 'off' }}
        />
        <button type="submit" class="primary" aria-disabled={isSending}>
          {texts.signIn}
        </button>
      </form>
    </main>
  );
}
