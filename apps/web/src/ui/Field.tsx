import { type InputHTMLAttributes, type ReactNode, useId } from 'react';

/** Props of {@link Field}. */
export interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly label: string;
  readonly hint?: string;
  /** What the server says about this field. */
  readonly errors?: readonly string[] | undefined;
}

/** An input with its label, a hint, and what is wrong with its value. */
export function Field({ label, hint, errors = [], ...input }: FieldProps): ReactNode {
  const id = useId();
  const messages = errors.length > 0 ? errors : hint ? [hint] : [];
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        required
        {...input}
        aria-invalid={errors.length > 0}
        aria-describedby={messages.length > 0 ? `${id}-message` : undefined}
      />
      <p id={`${id}-message`} className={errors.length > 0 ? 'message wrong' : 'message'}>
        {messages.join(' ')}
      </p>
    </div>
  );
}
