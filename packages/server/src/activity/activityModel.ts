import { type Connection, type Model, Schema } from 'mongoose';
import type { ClientInfo } from '../clientInfo.js';
import type { AuthEventType } from '../events/authEvents.js';

/** Something that happened to an account, as stored. */
export interface ActivityRecord {
  /** Time, a count within the node and random bits, so that ids sort as the events happened. */
  _id: string;
  userId: string;
  at: Date;
  type: AuthEventType;
  /** The device that sent the request; `null` if the person had no part in it. */
  client: ClientInfo | null;
  expiresAt: Date;
}

const REQUIRED = { required: true } as const;

const schema = new Schema<ActivityRecord>(
  {
    _id: { type: String, ...REQUIRED },
    userId: { type: String, ...REQUIRED },
    at: { type: Date, ...REQUIRED },
    type: { type: String, ...REQUIRED },
    client: {
      type: new Schema<ClientInfo>({ ip: String, userAgent: String }, { _id: false }),
      default: null,
    },
    expiresAt: { type: Date, ...REQUIRED },
  },
  { collection: 'latchkey_activity', autoIndex: false, autoCreate: false, versionKey: false },
);
schema.index({ userId: 1, _id: -1 });
// The record holds its own end, so that a changed retention needs no new index.
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

/** The mongoose model of activity on one connection. */
export function activityModel(connection: Connection): Model<ActivityRecord> {
  return connection.model<ActivityRecord>('LatchkeyActivity', schema);
}
