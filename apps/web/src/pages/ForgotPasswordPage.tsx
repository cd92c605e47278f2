import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Field } from '../forms/Field.js';
import { Form } from '../forms/Form.js';
import { requestResetSchema } from '../forms/schemas.js';
import { useServerForm } from '../forms/useServerForm.js';
import { trpc } from '../trpc.js';
import { MailboxLink } from '../ui/MailboxLink.js';
import { Notice } from '../ui/Notice.js';
import { TextLink } from '../ui/TextLink.js';
import { AuthCard } from './AuthCard.js';

/** Sends a link to choose a new password. */
export function ForgotPasswordPage(): ReactNode {
  const request = useMutation(trpc.auth.password.requestReset.mutationOptions());
  const form = useServerForm({
    schema: requestResetSchema,
    defaults: { email: '' },
    submit: (values) => request.mutateAsync(values),
  });
  return (
    <AuthCard title="Forgot your password?" footer={<TextLink to="/sign-in">Back to sign-in</TextLink>}>
      {request.isSuccess && (
        <div role="status">
          <Notice kind="good">
            If there is an account with this address, a link is on its way. It works once and expires in half
            an hour. <MailboxLink />
          </Notice>
        </div>
      )}
      <Form form={form} action="Send me a link">
        <Field label="E-mail" type="email" autoComplete="email" {...form.field('email')} />
      </Form>
    </AuthCard>
  );
}
