import type { EndReason } from '@latchkey/client';
import { useSession } from '@latchkey/react';
import type { ReactNode } from 'react';
import { CheckField } from '../forms/CheckField.js';
import { Field } from '../forms/Field.js';
import { Form } from '../forms/Form.js';
import { PasswordField } from '../forms/PasswordField.js';
import { loginSchema } from '../forms/schemas.js';
import { useServerForm } from '../forms/useServerForm.js';
import { Notice } from '../ui/Notice.js';
import { TextLink } from '../ui/TextLink.js';
import { AuthCard } from './AuthCard.js';

const NOTICES: Record<EndReason, string> = {
  SIGNED_OUT: 'You are signed out.',
  SESSION_EXPIRED: 'Your session has expired. Please sign in again.',
  SESSION_REVOKED: 'This session was ended. Please sign in again.',
  REFRESH_MISSING: 'Your browser did not keep the session. Please sign in again.',
  REFRESH_INVALID: 'This session is no longer valid. Please sign in again.',
  REFRESH_REUSED: 'Someone else used this session, so we ended it to protect you. Please sign in again.',
  ACCOUNT_DISABLED: 'This account is disabled. Please contact the administrator.',
};

/** Signs a person in. Shows why the last session ended. */
export function SignInPage(): ReactNode {
  const { login, reason } = useSession();
  const form = useServerForm({
    schema: loginSchema,
    defaults: { identifier: '', password: '', remember: false },
    submit: ({ remember = false, ...values }) => login({ ...values, remember }),
  });
  return (
    <AuthCard
      title="Welcome back"
      footer={
        <>
          New here? <TextLink to="/register">Create an account</TextLink>
          <br />
          <TextLink to="/forgot-password">Forgot your password?</TextLink>
        </>
      }
    >
      {reason && <Notice kind={reason === 'REFRESH_REUSED' ? 'warning' : 'info'}>{NOTICES[reason]}</Notice>}
      <Form form={form} action="Sign in">
        <Field label="Username or e-mail" autoComplete="username" {...form.field('identifier')} />
        <PasswordField label="Password" autoComplete="current-password" {...form.field('password')} />
        <CheckField label="Remember me" hint="Stay signed in on this device." {...form.field('remember')} />
      </Form>
    </AuthCard>
  );
}
