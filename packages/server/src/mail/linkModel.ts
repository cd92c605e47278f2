import { type Connection, type Model, Schema } from 'mongoose';

/** The one purpose of a mailed link. */
export type LinkPurpose = 'reset' | 'verification' | 'emailChange';

/** A mailed link, as stored. */
export interface LinkRecord {
  /** User and purpose: there is one link for each, so that a new one replaces the old one. */
  _id: string;
  /** SHA-256 of the token; the token itself is only in the mail. */
  tokenHash: string;
  userId: string;
  purpose: LinkPurpose;
  /** The address that the link was sent to. */
  email: string;
  /** The user's `linkEpoch` when the link was sent. */
  epoch: number;
  createdAt: Date;
  expiresAt: Date;
}

const REQUIRED = { required: true } as const;

const schema = new Schema<LinkRecord>(
  {
    _id: { type: String, ...REQUIRED },
    tokenHash: { type: String, ...REQUIRED },
    userId: { type: String, ...REQUIRED },
    purpose: { type: String, ...REQUIRED },
    email: { type: String, ...REQUIRED },
    epoch: { type: Number, ...REQUIRED },
    createdAt: { type: Date, ...REQUIRED },
    expiresAt: { type: Date, ...REQUIRED },
  },
  { collection: 'latchkey_links', autoIndex: false, autoCreate: false, versionKey: false },
);
schema.index({ tokenHash: 1 }, { unique: true });
schema.index({ userId: 1 });
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

/** The mongoose model of mailed links on one connection. */
export function linkModel(connection: Connection): Model<LinkRecord> {
  return connection.model<LinkRecord>('LatchkeyLink', schema);
}
