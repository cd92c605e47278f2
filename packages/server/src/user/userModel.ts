import { type Connection, type Model, Schema } from 'mongoose';
import type { User } from '../contract/index.js';

/** A user, as stored. */
export interface UserRecord {
  /** 144 random bits; never changes. */
  _id: string;
  username: string;
  /** See {@link usernameKey}. */
  usernameKey: string;
  email: string;
  emailVerified: boolean;
  roles: string[];
  passwordHash: string;
  createdAt: Date;
  disabledAt: Date | null;
  /** Of an administrator: the requests that are about to disable them; see `disableUser.ts`. */
  disabling?: string[];
  /** Raised by whatever ends all sessions, so that a sign-in that began before leaves none behind. */
  signInEpoch: number;
  /** Raised by whatever must make every mailed link void: a new password, a new address, disabling. */
  linkEpoch: number;
}

const REQUIRED = { required: true } as const;

const schema = new Schema<UserRecord>(
  {
    _id: { type: String, ...REQUIRED },
    username: { type: String, ...REQUIRED },
    usernameKey: { type: String, ...REQUIRED },
    email: { type: String, ...REQUIRED },
    emailVerified: { type: Boolean, ...REQUIRED },
    roles: { type: [String], ...REQUIRED },
    passwordHash: { type: String, ...REQUIRED },
    createdAt: { type: Date, ...REQUIRED },
    disabledAt: { type: Date, default: null },
    disabling: { type: [String], default: undefined },
    signInEpoch: { type: Number, ...REQUIRED },
    linkEpoch: { type: Number, ...REQUIRED },
  },
  { collection: 'latchkey_users', autoIndex: false, autoCreate: false, versionKey: false },
);
schema.index({ usernameKey: 1 }, { unique: true });
schema.index({ email: 1 }, { unique: true });

/** The mongoose model of users on one connection. */
export function userModel(connection: Connection): Model<UserRecord> {
  return connection.model<UserRecord>('LatchkeyUser', schema);
}

/** What clients see of a user: fields named one by one, so that no new one leaks. */
export function toUser(record: UserRecord): User {
  return {
    id: record._id,
    username: record.username,
    email: record.email,
    emailVerified: record.emailVerified,
    roles: record.roles,
    createdAt: record.createdAt.toISOString(),
  };
}

/** Whether clients would see any difference; both come from {@link toUser}, so their fields have one order. */
export function isSameUser(user: User, other: User): boolean {
  return JSON.stringify(user) === JSON.stringify(other);
}

/** A username without regard to case: what is unique, and what sign-in looks up. */
export function usernameKey(username: string): string {
  return username.toLowerCase();
}
