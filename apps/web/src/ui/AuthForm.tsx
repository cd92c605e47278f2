import { AuthError } from '@latchkey/client';
import { type FormEvent, type ReactNode, useState } from 'react';

/** Messages by field, as the server sends them. */
type FieldErrors = Readonly<Record<string, readonly string[]>>;

/** Props of {@link AuthForm}. */
export interface AuthFormProps {
  readonly title: string;
  /** Something to know beforehand, such as why one has to sign in again. */
  readonly notice?: string | undefined;
  readonly action: string;
  readonly onSubmit: (values: (name: string) => string, remember: boolean) => Promise<unknown>;
  readonly fields: (errors: FieldErrors) => ReactNode;
  readonly footer: ReactNode;
}

/** The card that both registering and signing in happen in. */
export function AuthForm({ title, notice, action, onSubmit, fields, footer }: AuthFormProps): ReactNode {
  const [error, setError] = useState<AuthError>();
  const [isBusy, setBusy] = useState(false);
  const errors = error?.data?.fields ?? {};

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    setBusy(true);
    try {
      await onSubmit((name) => String(data.get(name) ?? ''), data.has('remember'));
    } catch (cause) {
      if (!(cause instanceof AuthError)) throw cause;
      setError(cause);
    } finally {
      setBusy(false);
    }
  };

  return (
    <form className="card" onSubmit={(event) => void submit(event)}>
      <h1>{title}</h1>
      {notice && !error && <p className="notice">{notice}</p>}
      <p role="alert" className="alert">
        {error && Object.keys(errors).length === 0 ? messageOf(error) : ''}
      </p>
      {fields(errors)}
      <label className="check">
        <input type="checkbox" name="remember" />
        Remember me
      </label>
      <button type="submit" disabled={isBusy}>
        {action}
      </button>
      <p className="footer">{footer}</p>
    </form>
  );
}

const messageOf = ({ data, message, retryAfter }: AuthError): string => {
  if (!data) return 'The server did not answer. Please try again.';
  return retryAfter ? `${message} Try again in ${retryAfter} s.` : message;
};
