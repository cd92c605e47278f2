import { useSession } from '@latchkey/react';
import { type FormEvent, type ReactNode, useState } from 'react';

export function SignInForm(): ReactNode {
  const { login, register } = useSession();
  const [isNew, setNew] = useState(false);
  const [problem, setProblem] = useState('');

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const [username, email, password] = ['username', 'email', 'password'].map((name) =>
      String(data.get(name)),
    );
    if (username === undefined || email === undefined || password === undefined) return;
    try {
      await (isNew ? register({ username, email, password }) : login({ identifier: username, password }));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)}>
      <p role="alert">{problem}</p>
      <label>
        Username <input name="username" autoComplete="username" required />
      </label>
      {isNew && (
        <label>
          E-mail <input name="email" type="email" autoComplete="email" required />
        </label>
      )}
      <label>
        Password <input name="password" type="password" required />
      </label>
      <button type="submit">{isNew ? 'Create account' : 'Sign in'}</button>
      <button type="button" onClick={() => setNew(!isNew)}>
        {isNew ? 'I have an account' : 'I am new here'}
      </button>
    </form>
  );
}
