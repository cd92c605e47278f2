import { Dialog } from '@base-ui/react/dialog';
import { useSession } from '@latchkey/react';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Form } from '../forms/Form.js';
import { PasswordField } from '../forms/PasswordField.js';
import { deleteAccountSchema } from '../forms/schemas.js';
import { useServerForm } from '../forms/useServerForm.js';
import { trpc } from '../trpc.js';
import { Button } from '../ui/Button.js';
import { BACKDROP_CLASS, POPUP_CLASS } from '../ui/ConfirmDialog.js';
import { Panel } from '../ui/Panel.js';
import { UsernameHint } from './UsernameHint.js';
import { useStepUp } from './useStepUp.js';

export function DeleteAccount(): ReactNode {
  return (
    <Panel
      title="Delete account"
      description="Deletes your account and everything in it. This cannot be undone."
    >
      <Dialog.Root>
        <Dialog.Trigger render={<Button className="justify-self-start">Delete my account…</Button>} />
        <Dialog.Portal>
          <Dialog.Backdrop className={BACKDROP_CLASS} />
          <Dialog.Popup className={POPUP_CLASS}>
            <Dialog.Title className="text-xl">Delete your account?</Dialog.Title>
            <Dialog.Description className="text-soft">
              You are signed out on all devices, and your account is deleted permanently.
            </Dialog.Description>
            <DeleteForm />
            <Dialog.Close render={<Button>Keep my account</Button>} />
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
    </Panel>
  );
}

function DeleteForm(): ReactNode {
  const { logout } = useSession();
  const stepUp = useStepUp();
  const remove = useMutation(trpc.auth.account.delete.mutationOptions());
  const form = useServerForm({
    schema: deleteAccountSchema,
    defaults: { password: '' },
    submit: async (values) => {
      await stepUp(values.password, () => remove.mutateAsync(values));
      await logout();
    },
  });
  return (
    <Form form={form} action="Delete account" danger>
      <UsernameHint />
      <PasswordField label="Password" autoComplete="current-password" {...form.field('password')} />
    </Form>
  );
}
