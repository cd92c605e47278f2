import { useUser } from '@latchkey/react';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Field } from '../forms/Field.js';
import { Form } from '../forms/Form.js';
import { PasswordField } from '../forms/PasswordField.js';
import { changeEmailSchema } from '../forms/schemas.js';
import { useServerForm } from '../forms/useServerForm.js';
import { trpc } from '../trpc.js';
import { Badge } from '../ui/Badge.js';
import { Button } from '../ui/Button.js';
import { failed } from '../ui/failed.js';
import { MailboxLink } from '../ui/MailboxLink.js';
import { Notice } from '../ui/Notice.js';
import { Panel } from '../ui/Panel.js';
import { toast } from '../ui/toasts.js';
import { UsernameHint } from './UsernameHint.js';
import { useStepUp } from './useStepUp.js';

/** A person's e-mail address, its verification, and the form to change it. */
export function EmailAddress(): ReactNode {
  const user = useUser();
  return (
    <Panel title="E-mail" description="Used for password resets.">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="min-w-0 font-medium [overflow-wrap:anywhere]">{user?.email}</span>
        {user?.emailVerified ? (
          <Badge kind="good">Verified</Badge>
        ) : (
          <Badge kind="warning">Not verified</Badge>
        )}
      </p>
      {user && !user.emailVerified && <Verification />}
      <ChangeEmail />
    </Panel>
  );
}

function Verification(): ReactNode {
  const request = useMutation(
    trpc.auth.email.requestVerification.mutationOptions({ onError: failed('No link was sent') }),
  );
  return (
    <Notice
      kind={request.isSuccess ? 'good' : 'info'}
      action={
        <Button size="small" busy={request.isPending} onClick={() => request.mutate()}>
          Send a link
        </Button>
      }
    >
      {request.isSuccess ? (
        <>
          A link is on its way. <MailboxLink />
        </>
      ) : (
        'Open the link in our e-mail to confirm that this address is yours.'
      )}
    </Notice>
  );
}

function ChangeEmail(): ReactNode {
  const stepUp = useStepUp();
  const change = useMutation(trpc.auth.email.change.mutationOptions());
  const form = useServerForm({
    schema: changeEmailSchema,
    defaults: { email: '', password: '' },
    submit: async (values) => {
      await stepUp(values.password, () => change.mutateAsync(values));
      form.reset();
      toast({ title: 'A link was sent', description: 'Your address changes when you open it.' });
    },
  });
  return (
    <Form form={form} action="Change e-mail">
      <UsernameHint />
      <Field label="New e-mail" type="email" autoComplete="email" {...form.field('email')} />
      <PasswordField label="Password" autoComplete="current-password" {...form.field('password')} />
      {change.isSuccess && (
        <p className="text-soft">
          <MailboxLink />
        </p>
      )}
    </Form>
  );
}
