import { useSession } from '@latchkey/react';
import type { ReactNode } from 'react';
import { Link } from '../navigation.js';
import { AuthForm } from '../ui/AuthForm.js';
import { Field } from '../ui/Field.js';

/** Where a person creates an account, and is signed in with it. */
export function RegisterPage(): ReactNode {
  const { register } = useSession();
  return (
    <AuthForm
      title="Create your account"
      action="Create account"
      onSubmit={(value, remember) =>
        register({
          username: value('username'),
          email: value('email'),
          password: value('password'),
          remember,
        })
      }
      fields={(errors) => (
        <>
          <Field
            label="Username"
            name="username"
            autoComplete="username"
            errors={errors.username}
            autoFocus
          />
          <Field label="E-mail" name="email" type="email" autoComplete="email" errors={errors.email} />
          <Field
            label="Password"
            name="password"
            type="password"
            autoComplete="new-password"
            hint="At least 8 characters; a few words make a good one."
            errors={errors.password}
          />
        </>
      )}
      footer={
        <>
          Have an account? <Link to="/sign-in">Sign in</Link>
        </>
      }
    />
  );
}
