import { useState } from 'preact/hooks';
import { signInByToken } from '../api.js';
import { problemText } from '../texts/problem-texts.js';
import type { Texts } from '../texts/texts.js';

interface SignInProps {
  readonly texts: Texts;
  readonly problem: string | undefined;
  readonly onDone: () => Promise<void>;
}

export function SignIn({ texts, problem, onDone }: SignInProps) {
  const [token, setToken] = useState('');
  const [failure, setFailure] = useState(problem);
  const submit = (event: Event) => {
    event.preventDefault();
    signInByToken(token.trim()).then(onDone, (error: unknown) =>
      setFailure(problemText(error, texts.problems)),
    );
  };
  return (
    <main class="sign-in">
      <h2>{texts.signIn}</h2>
      {failure && (
        <p class="problem" role="alert">
          {failure}
        </p>
      )}
      <p>{texts.signInHint}</p>
      <pre>npm run --silent token -- --user admin --role admin</pre>
      <form onSubmit={submit}>
        <label>
          <span>{texts.token}</span>
          <input
            type="password"
            autocomplete="off"
            required
            value={token}
            onInput={({ currentTarget }) => setToken(currentTarget.value)}
          />
        </label>
        <button type="submit" class="primary">
          {texts.signIn}
        </button>
      </form>
    </main>
  );
}
