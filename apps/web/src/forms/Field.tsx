import { CircleAlert } from 'lucide-react';
import { type InputHTMLAttributes, type ReactNode, type Ref, useId } from 'react';

/** The classes of every text input. */
export const INPUT_CLASS =
  'w-full min-h-11 rounded-md border border-line-strong bg-surface px-3 placeholder:text-soft aria-invalid:border-rust';

export interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly label: string;
  readonly hint?: ReactNode;
  /** The error in the value. */
  readonly error?: string | undefined;
  /** Shown inside the input, at its end. */
  readonly adornment?: ReactNode;
  readonly ref?: Ref<HTMLInputElement>;
}

/** An input with its label, and below it the error or else the hint. */
export function Field({ label, hint, error, adornment, className = '', ...input }: FieldProps): ReactNode {
  const ownId = useId();
  const id = input.id ?? ownId;
  const hasMessage = error !== undefined || hint !== undefined;
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <div className="relative">
        <input
          required
          {...input}
          id={id}
          aria-invalid={error !== undefined}
          aria-describedby={hasMessage ? `${id}-message` : undefined}
          className={`${INPUT_CLASS} ${adornment ? 'pr-20' : ''} ${className}`}
        />
        {adornment}
      </div>
      {hasMessage && (
        <div id={`${id}-message`} className={`text-sm ${error ? 'text-rust' : 'text-soft'}`}>
          {error ? (
            <span className="flex gap-1.5">
              <CircleAlert aria-hidden className="mt-0.5 size-4 flex-none" />
              {error}
            </span>
          ) : (
            hint
          )}
        </div>
      )}
    </div>
  );
}
