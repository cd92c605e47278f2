import { expect } from 'vitest';

/** Waits for a mail to this address in the development mailbox; resolves to the link of the newest one. */
export async function newestLink(url: string, to: string, subject: RegExp): Promise<string> {
  const find = async (): Promise<string | undefined> => {
    const mails: { to: string; subject: string; link?: string }[] = await (
      await fetch(`${url}/dev/mailbox.json`)
    ).json();
    return mails.find((mail) => mail.to === to && subject.test(mail.subject))?.link;
  };
  await expect.poll(find).toBeDefined();
  return String(await find());
}
