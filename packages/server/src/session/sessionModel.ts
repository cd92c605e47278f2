import { type Connection, type Model, Schema } from 'mongoose';
import type { ClientInfo } from '../clientInfo.js';
import type { User } from '../contract/index.js';

/** Why a session was ended. */
export type RevocationReason =
  | 'logout'
  | 'reuse'
  /** A new sign-in in the same browser replaced it. */
  | 'replaced'
  /** All sessions of the person were ended. */
  | 'revoked'
  | 'disabled'
  /** The password was changed or reset. */
  | 'password'
  /** The person's roles were changed, which access tokens carry. */
  | 'roles'
  /** The account was deleted. */
  | 'deleted'
  /** Another sign-in exceeded the number of sessions that one person may have. */
  | 'limit';

/** One sign-in, as stored. */
export interface SessionRecord {
  /** The session id: 144 random bits. */
  _id: string;
  userId: string;
  /** The user as clients see it, so that a refresh needs no second read. Every change of the user updates it. */
  user: User;
  generation: number;
  currentHash: string;
  /** As in `SessionState`. */
  movedFrom: number;
  healed: boolean;
  graceFrom: Date | null;
  /** When the current generation began. */
  rotatedAt: Date;
  acknowledged: number;
  attempts: string[];
  createdAt: Date;
  /** When the person last authenticated, for step-up. */
  authenticatedAt: Date;
  lastUsedAt: Date;
  idleExpiresAt: Date;
  /** The absolute end, fixed at sign-in. */
  expiresAt: Date;
  /** Whether the browser keeps the session when it is closed. */
  persistent: boolean;
  client: ClientInfo;
  /** When it was revoked, by the database's clock. */
  revokedAt: Date | null;
  revokedReason: RevocationReason | null;
}

const REQUIRED = { required: true } as const;

const schema = new Schema<SessionRecord>(
  {
    _id: { type: String, ...REQUIRED },
    userId: { type: String, ...REQUIRED },
    user: { type: Schema.Types.Mixed, ...REQUIRED },
    generation: { type: Number, ...REQUIRED },
    currentHash: { type: String, ...REQUIRED },
    movedFrom: { type: Number, ...REQUIRED },
    healed: { type: Boolean, ...REQUIRED },
    graceFrom: { type: Date, default: null },
    rotatedAt: { type: Date, ...REQUIRED },
    acknowledged: { type: Number, ...REQUIRED },
    attempts: { type: [String], ...REQUIRED },
    createdAt: { type: Date, ...REQUIRED },
    authenticatedAt: { type: Date, ...REQUIRED },
    lastUsedAt: { type: Date, ...REQUIRED },
    idleExpiresAt: { type: Date, ...REQUIRED },
    expiresAt: { type: Date, ...REQUIRED },
    persistent: { type: Boolean, ...REQUIRED },
    client: { type: new Schema<ClientInfo>({ ip: String, userAgent: String }, { _id: false }), ...REQUIRED },
    revokedAt: { type: Date, default: null },
    revokedReason: { type: String, default: null },
  },
  { collection: 'latchkey_sessions', autoIndex: false, autoCreate: false, versionKey: false },
);
schema.index({ userId: 1 });
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
schema.index({ revokedAt: 1 });

/** The mongoose model of sessions on one connection. */
export function sessionModel(connection: Connection): Model<SessionRecord> {
  return connection.model<SessionRecord>('LatchkeySession', schema);
}
