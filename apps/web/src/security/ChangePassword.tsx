import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { session } from '../api.js';
import { CheckField } from '../forms/CheckField.js';
import { Form } from '../forms/Form.js';
import { NewPasswordField } from '../forms/NewPasswordField.js';
import { PasswordField } from '../forms/PasswordField.js';
import { changePasswordSchema } from '../forms/schemas.js';
import { useServerForm } from '../forms/useServerForm.js';
import { trpc } from '../trpc.js';
import { Panel } from '../ui/Panel.js';
import { toast } from '../ui/toasts.js';
import { UsernameHint } from './UsernameHint.js';

export function ChangePassword(): ReactNode {
  const change = useMutation(trpc.auth.password.change.mutationOptions());
  const form = useServerForm({
    schema: changePasswordSchema,
    defaults: { currentPassword: '', newPassword: '', revokeOthers: true },
    submit: async (values) => {
      session.adopt(await change.mutateAsync(values));
      form.reset();
      toast({ title: 'Your password was changed' });
    },
  });
  return (
    <Panel title="Password" description="You stay signed in on this device.">
      <Form form={form} action="Change password">
        <UsernameHint />
        <PasswordField
          label="Current password"
          autoComplete="current-password"
          {...form.field('currentPassword')}
        />
        <NewPasswordField label="New password" {...form.field('newPassword')} />
        <CheckField label="End my other sessions" {...form.field('revokeOthers')} />
      </Form>
    </Panel>
  );
}
