import { type ReactNode, useId, useState } from 'react';
import { Field, type FieldProps } from './Field.js';

export interface PasswordFieldProps extends Omit<FieldProps, 'type' | 'autoComplete' | 'adornment'> {
  /** Tells password managers to fill in a password or to suggest one. */
  readonly autoComplete: 'current-password' | 'new-password';
}

/** A password input whose characters can be shown. Paste and password managers work. */
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
