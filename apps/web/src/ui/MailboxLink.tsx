import type { ReactNode } from 'react';

/** Whether the app runs on this machine, where it probably keeps mails instead of sending them. */
const isLocal = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(window.location.hostname);

/** Links a developer to the mails that are kept instead of sent. */
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
