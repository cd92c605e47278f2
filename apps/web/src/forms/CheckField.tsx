import { type InputHTMLAttributes, type ReactNode, type Ref, useId } from 'react';

export interface CheckFieldProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly label: string;
  readonly hint?: string;
  readonly ref?: Ref<HTMLInputElement>;
}

export function CheckField({ label, hint, ...input }: CheckFieldProps): ReactNode {
  const id = useId();
  return (
    <div className="flex gap-2.5">
      <input {...input} id={id} type="checkbox" className="mt-0.5 size-5 flex-none" />
      <label htmlFor={id}>
        {label}
        {hint && <span className="block text-sm text-soft">{hint}</span>}
      </label>
    </div>
  );
}
