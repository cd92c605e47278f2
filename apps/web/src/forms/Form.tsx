import type { ReactNode } from 'react';
import type { FieldValues } from 'react-hook-form';
import { Button } from '../ui/Button.js';
import { Notice } from '../ui/Notice.js';
import type { ServerForm } from './useServerForm.js';

export interface FormProps<Values extends FieldValues> {
  readonly form: ServerForm<Values>;
  /** The button's label. */
  readonly action: string;
  readonly danger?: boolean;
  readonly children: ReactNode;
}

/** A form with its button. An error that concerns no single field is shown above the fields. */
export function Form<Values extends FieldValues>({
  form,
  action,
  danger = false,
  children,
}: FormProps<Values>) {
  return (
    <form noValidate onSubmit={form.onSubmit} className="grid gap-4">
      <div role="alert" className="empty:hidden">
        {form.error && <Notice kind="wrong">{form.error}</Notice>}
      </div>
      {children}
      <Button type="submit" look={danger ? 'danger' : 'primary'} busy={form.isBusy}>
        {action}
      </Button>
    </form>
  );
}
