/** The kind of a mail: the first three carry a link, the others are notices. */
export type AuthMailKind =
  | 'password_reset'
  | 'email_verification'
  | 'email_change'
  | 'password_changed'
  | 'email_change_requested'
  | 'email_changed'
  | 'account_deleted'
  | 'sign_in_after_failures';

/** A mail, ready to be sent. */
export interface AuthMail {
  readonly kind: AuthMailKind;
  /** One validated address. */
  readonly to: string;
  /** One line, made of the app's name and fixed words. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The link in the mail, if it has one; as secret as a password while it works. */
  readonly link?: string;
}

/** Sends mails, by SMTP or a provider's API. */
export interface AuthMailer {
  /** Resolves once a mail server has accepted the mail. After a rejection it is called again. */
  send(message: AuthMail): Promise<void>;
}
