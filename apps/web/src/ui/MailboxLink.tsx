import type { ReactNode } from 'react';

/** Whether the app is looked at by who runs it, and is likely not to send its mails. */
const isLocal = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(window.location.hostname);

/** Leads a developer to the mails that are kept instead of sent; shown to nobody else. */
export function MailboxLink(): ReactNode {
  if (!isLocal) return null;
  return (
    <a
      href="/dev/mailbox"
      target="_blank"
      rel="noopener"
      className="font-semibold text-brass underline underline-offset-4"
    >
      Open the development mailbox
    </a>
  );
}
