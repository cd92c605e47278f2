import { useSession } from '@latchkey/react';
import type { ReactNode } from 'react';
import { CheckField } from '../forms/CheckField.js';
import { Field } from '../forms/Field.js';
import { Form } from '../forms/Form.js';
import { NewPasswordField } from '../forms/NewPasswordField.js';
import { registerSchema } from '../forms/schemas.js';
import { useServerForm } from '../forms/useServerForm.js';
import { TextLink } from '../ui/TextLink.js';
import { AuthCard } from './AuthCard.js';

/** Creates an account and signs the person in. */
export function RegisterPage(): ReactNode {
  const { register } = useSession();
  const form = useServerForm({
    schema: registerSchema,
    defaults: { username: '', email: '', password: '', remember: false },
    submit: ({ remember = false, ...values }) => register({ ...values, remember }),
  });
  return (
    <AuthCard
      title="Create your account"
      footer={
        <>
          Have an account? <TextLink to="/sign-in">Sign in</TextLink>
        </>
      }
    >
      <Form form={form} action="Create account">
        <Field label="Username" autoComplete="username" {...form.field('username')} />
        <Field label="E-mail" type="email" autoComplete="email" {...form.field('email')} />
        <NewPasswordField label="Password" {...form.field('password')} />
        <CheckField label="Remember me" hint="Stay signed in on this device." {...form.field('remember')} />
      </Form>
    </AuthCard>
  );
}
