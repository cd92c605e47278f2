import type { EndReason } from '@latchkey/client';
import { useSession } from '@latchkey/react';
import type { ReactNode } from 'react';
import { Link } from '../navigation.js';
import { AuthForm } from '../ui/AuthForm.js';
import { Field } from '../ui/Field.js';

const NOTICES: Record<EndReason, string> = {
  SIGNED_OUT: 'You are signed out.',
  SESSION_EXPIRED: 'It has been a while. Please sign in again.',
  SESSION_REVOKED: 'This session was ended. Please sign in again.',
  REFRESH_MISSING: 'Your browser did not keep the session. Please sign in again.',
  REFRESH_INVALID: 'This session cannot be continued. Please sign in again.',
  REFRESH_REUSED: 'This session was used from elsewhere and was ended to protect you. Please sign in again.',
  ACCOUNT_DISABLED: 'This account is disabled.',
};

/** Where a person signs in, told why if a session has just ended. */
export function SignInPage(): ReactNode {
  const { login, reason } = useSession();
  return (
    <AuthForm
      title="Welcome back"
      notice={reason ? NOTICES[reason] : undefined}
      action="Sign in"
      onSubmit={(value, remember) =>
        login({ identifier: value('identifier'), password: value('password'), remember })
      }
      fields={(errors) => (
        <>
          <Field
            label="Username or e-mail"
            name="identifier"
            autoComplete="username"
            errors={errors.identifier}
            autoFocus
          />
          <Field
            label="Password"
            name="password"
            type="password"
            autoComplete="current-password"
            errors={errors.password}
          />
        </>
      )}
      footer={
        <>
          New here? <Link to="/register">Create an account</Link>
        </>
      }
    />
  );
}
