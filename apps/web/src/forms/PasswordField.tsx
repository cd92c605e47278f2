import { type ReactNode, useId, useState } from 'react';
import { Field, type FieldProps } from './Field.js';

export interface PasswordFieldProps extends Omit<FieldProps, 'type' | 'autoComplete' | 'adornment'> {
  /** Tells password managers whether to fill in or to propose. */
  readonly autoComplete: 'current-password' | 'new-password';
}

/** A password, hidden unless asked to be shown; paste and password managers work. */
export function PasswordField(props: PasswordFieldProps): ReactNode {
  const [isShown, setShown] = useState(false);
  const id = useId();
  return (
    <Field
      {...props}
      id={id}
      type={isShown ? 'text' : 'password'}
      spellCheck={false}
      autoCapitalize="none"
      adornment={
        <button
          type="button"
          aria-controls={id}
          aria-label={isShown ? 'Hide characters' : 'Show characters'}
          onClick={() => setShown(!isShown)}
          className="absolute inset-y-1 right-1 rounded-sm px-3 font-medium text-sm text-soft hover:bg-sunken hover:text-text"
        >
          {isShown ? 'Hide' : 'Show'}
        </button>
      }
    />
  );
}
