/** An event in words, and how serious it is. */
export interface ActivityDescription {
  readonly text: string;
  readonly tone: 'plain' | 'good' | 'warning' | 'wrong';
}

const DESCRIPTIONS: Readonly<Record<string, ActivityDescription>> = {
  authn_login_success: { text: 'Signed in', tone: 'good' },
  authn_login_successafterfail: { text: 'Signed in after failed attempts', tone: 'warning' },
  authn_login_fail: { text: 'Sign-in attempt with a wrong password', tone: 'warning' },
  authn_login_lock: { text: 'Sign-in locked for a while after many failed attempts', tone: 'wrong' },
  authn_password_change: { text: 'Password changed', tone: 'good' },
  authn_password_change_fail: { text: 'Password change refused', tone: 'warning' },
  authn_token_created: { text: 'Link sent by e-mail', tone: 'plain' },
  authn_token_revoked: { text: 'Session ended', tone: 'plain' },
  authn_token_reuse: { text: 'Stolen session detected and ended', tone: 'wrong' },
  privilege_permissions_changed: { text: 'Roles changed', tone: 'warning' },
  session_logout: { text: 'Signed out', tone: 'plain' },
  user_created: { text: 'Account created', tone: 'good' },
  user_updated: { text: 'Account changed', tone: 'plain' },
};

/** Describes a security event to the owner of the account. A newer server may send unknown types. */
export function describeActivity(type: string): ActivityDescription {
  return DESCRIPTIONS[type] ?? { text: type.replaceAll('_', ' '), tone: 'plain' };
}
