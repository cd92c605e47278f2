/** An event as people read it, and how much they should mind. */
export interface ActivityDescription {
  readonly text: string;
  readonly tone: 'plain' | 'good' | 'mind' | 'wrong';
}

const DESCRIPTIONS: Readonly<Record<string, ActivityDescription>> = {
  authn_login_success: { text: 'Signed in', tone: 'good' },
  authn_login_successafterfail: { text: 'Signed in, after failed attempts', tone: 'mind' },
  authn_login_fail: { text: 'Somebody tried to sign in with a wrong password', tone: 'mind' },
  authn_login_lock: { text: 'Signing in was locked for a while, after many failed attempts', tone: 'wrong' },
  authn_password_change: { text: 'The password was changed', tone: 'good' },
  authn_password_change_fail: { text: 'A change of the password was refused', tone: 'mind' },
  authn_token_created: { text: 'A link was mailed', tone: 'plain' },
  authn_token_revoked: { text: 'A session was ended', tone: 'plain' },
  authn_token_reuse: { text: 'A stolen session was caught, and ended', tone: 'wrong' },
  privilege_permissions_changed: { text: 'The roles of the account were changed', tone: 'mind' },
  session_logout: { text: 'Signed out', tone: 'plain' },
  user_created: { text: 'The account was created', tone: 'good' },
  user_updated: { text: 'The account was changed', tone: 'plain' },
};

/** What a security event of this name means to the person whose account it is; a newer server may know others. */
export function describeActivity(type: string): ActivityDescription {
  return DESCRIPTIONS[type] ?? { text: type.replaceAll('_', ' '), tone: 'plain' };
}
