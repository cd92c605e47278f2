const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A number of attempts in a period that begins with the first of them. */
export interface Limit {
  /** 1 or more. */
  readonly attempts: number;
  /** In milliseconds. */
  readonly perMs: number;
}

/** Limits of one action, from the shortest period to the longest; an empty list sets no limit. */
export interface ActionLimits {
  /** For one account, or one name that no account has, whatever the address. */
  readonly account: readonly Limit[];
  /** For one network address, whatever the account: an IPv4 address or an IPv6 /64. */
  readonly address: readonly Limit[];
}

/** Which of an action's limits an attempt is counted against. */
export type LimitDimension = keyof ActionLimits;

/** An action that is limited. */
export type LimitedAction =
  /** Sign-ins. A success resets the account's counter; an address counts failures only. */
  | 'login'
  /** Registrations, including those that are refused because a name is taken. */
  | 'register'
  /** Mails with a link to reset a password. Beyond the limit of an account no mail is sent, and the answer does not say so. */
  | 'password-reset'
  /** Mails with a link to verify an address. */
  | 'email-verification'
  /** Checks of the current password of a person who is signed in. */
  | 'password-check'
  /** Links from mails that are opened. */
  | 'link';

/** Limits by action; an action or dimension that is left out keeps its default. */
export type LimitsOptions = { readonly [Action in LimitedAction]?: Partial<ActionLimits> };

/**
 * The defaults. A person who mistypes never reaches them. A person who guesses passwords waits longer each time: after
 * 10 attempts until the minute is over, after 20 a quarter of an hour, after 40 a day, and after 100 in a row until
 * the password is reset or a year has passed (NIST SP 800-63B-4, 3.2.2: at most 100).
 */
export const DEFAULT_LIMITS: Readonly<Record<LimitedAction, ActionLimits>> = {
  login: {
    account: [
      { attempts: 10, perMs: MINUTE },
      { attempts: 20, perMs: 15 * MINUTE },
      { attempts: 40, perMs: DAY },
      { attempts: 100, perMs: 365 * DAY },
    ],
    // Many people may share one address.
    address: [
      { attempts: 300, perMs: 10 * MINUTE },
      { attempts: 3_000, perMs: DAY },
    ],
  },
  register: { account: [], address: [{ attempts: 500, perMs: HOUR }] },
  'password-reset': {
    account: [
      { attempts: 5, perMs: 15 * MINUTE },
      { attempts: 20, perMs: DAY },
    ],
    address: [{ attempts: 500, perMs: HOUR }],
  },
  'email-verification': {
    account: [
      { attempts: 5, perMs: 15 * MINUTE },
      { attempts: 20, perMs: DAY },
    ],
    address: [{ attempts: 60, perMs: HOUR }],
  },
  'password-check': {
    account: [
      { attempts: 10, perMs: 15 * MINUTE },
      { attempts: 40, perMs: DAY },
    ],
    address: [],
  },
  link: { account: [], address: [{ attempts: 100, perMs: 10 * MINUTE }] },
};

export const LIMITED_ACTIONS = Object.keys(DEFAULT_LIMITS) as readonly LimitedAction[];
export const LIMIT_DIMENSIONS: readonly LimitDimension[] = ['account', 'address'];

/**
 * Merges a host's limits into the defaults.
 *
 * @throws Error naming the limit that is wrong
 */
export function resolveLimits(options: LimitsOptions = {}): Readonly<Record<LimitedAction, ActionLimits>> {
  const resolved: Record<LimitedAction, ActionLimits> = { ...DEFAULT_LIMITS };
  for (const action of LIMITED_ACTIONS) {
    resolved[action] = { ...DEFAULT_LIMITS[action], ...options[action] };
    for (const dimension of LIMIT_DIMENSIONS) {
      for (const { attempts, perMs } of resolved[action][dimension]) {
        if (Number.isInteger(attempts) && attempts >= 1 && perMs >= SECOND) continue;
        throw new Error(`limits.${action}.${dimension}: attempts must be at least 1, perMs at least 1000.`);
      }
    }
  }
  return resolved;
}
