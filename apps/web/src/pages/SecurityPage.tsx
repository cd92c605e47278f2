import type { ReactNode } from 'react';
import { ChangePassword } from '../security/ChangePassword.js';
import { DeleteAccount } from '../security/DeleteAccount.js';
import { EmailAddress } from '../security/EmailAddress.js';
import { PageHeader } from '../ui/PageHeader.js';

export function SecurityPage(): ReactNode {
  return (
    <>
      <PageHeader title="Security" />
      <EmailAddress />
      <ChangePassword />
      <DeleteAccount />
    </>
  );
}
