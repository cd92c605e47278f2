import { standardSchemaResolver } from '@hookform/resolvers/standard-schema';
import type { FormEvent } from 'react';
import {
  type DefaultValues,
  type FieldPath,
  type FieldValues,
  type UseFormRegisterReturn,
  useForm,
} from 'react-hook-form';
import type { z } from 'zod';
import { failureOf } from './failureOf.js';

export interface ServerFormOptions<Values extends FieldValues> {
  /** The server's own schema, checked before anything is sent. */
  readonly schema: z.ZodType<unknown, Values>;
  readonly defaults: DefaultValues<Values>;
  /** Sends the values as typed. The server's errors are shown beside the fields that it names. */
  readonly submit: (values: Values) => Promise<unknown>;
}

/** A form with the same schema in the browser and on the server. */
export interface ServerForm<Values extends FieldValues> {
  /** The props of the `Field` of this name. */
  field(name: FieldPath<Values>): UseFormRegisterReturn & { readonly error: string | undefined };
  readonly onSubmit: (event: FormEvent<HTMLFormElement>) => void;
  /** Empties the form. */
  reset(): void;
  readonly isBusy: boolean;
  /** An error that concerns no single field. */
  readonly error: string | undefined;
}

/** Binds a form to a call of the server: `field` for the inputs, `onSubmit` for the form. */
export function useServerForm<Values extends FieldValues>(
  options: ServerFormOptions<Values>,
): ServerForm<Values> {
  const { register, handleSubmit, setError, reset, getFieldState, formState } = useForm<Values>({
    resolver: standardSchemaResolver(options.schema, undefined, { raw: true }),
    defaultValues: options.defaults,
  });

  const refuse = (cause: unknown, values: Values) => {
    const { message, fields } = failureOf(cause);
    const names = Object.keys(values).filter((name) => fields[name]);
    for (const [index, name] of names.entries())
      setError(
        name as FieldPath<Values>,
        { message: fields[name]?.join(' ') ?? '' },
        { shouldFocus: index === 0 },
      );
    if (names.length === 0) setError('root', { message });
  };

  const submit = handleSubmit(async (values) => {
    await options.submit(values).catch((cause: unknown) => refuse(cause, values));
  });

  return {
    field: (name) => ({ ...register(name), error: getFieldState(name, formState).error?.message }),
    reset: () => reset(),
    onSubmit: (event) => void submit(event),
    isBusy: formState.isSubmitting,
    error: formState.errors.root?.message,
  };
}
