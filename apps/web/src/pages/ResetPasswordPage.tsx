import { useMutation } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Form } from '../forms/Form.js';
import { NewPasswordField } from '../forms/NewPasswordField.js';
import { resetPasswordSchema } from '../forms/schemas.js';
import { useServerForm } from '../forms/useServerForm.js';
import { trpc } from '../trpc.js';
import { Notice } from '../ui/Notice.js';
import { TextLink } from '../ui/TextLink.js';
import { AuthCard } from './AuthCard.js';

/** Opened by the link in the mail about a forgotten password. */
export function ResetPasswordPage(): ReactNode {
  const { token = '' } = useSearch({ from: '/reset-password' });
  const reset = useMutation(trpc.auth.password.reset.mutationOptions());
  const form = useServerForm({
    schema: resetPasswordSchema,
    defaults: { token, newPassword: '' },
    submit: (values) => reset.mutateAsync(values),
  });
  if (reset.isSuccess)
    return (
      <AuthCard title="Your password was changed">
        <Notice kind="good">All sessions of your account were ended. Sign in with the new password.</Notice>
        <TextLink to="/sign-in">Sign in</TextLink>
      </AuthCard>
    );
  return (
    <AuthCard
      title="Choose a new password"
      footer={<TextLink to="/forgot-password">Request another link</TextLink>}
    >
      <Form form={form} action="Change password">
        <NewPasswordField label="New password" {...form.field('newPassword')} />
      </Form>
    </AuthCard>
  );
}
