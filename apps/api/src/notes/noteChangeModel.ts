import { type Connection, type InferSchemaType, type Model, Schema } from 'mongoose';

/** How long a listener that lost its connection can take up where it left off, in seconds. */
const KEPT_SECONDS = 24 * 60 * 60;

const changeSchema = new Schema(
  {
    /** The owner and the change before this one: no two changes can follow the same, so they form one line. */
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    /** Rises from change to change of one owner; the time in milliseconds unless that would not rise. */
    position: { type: Number, required: true },
    event: { type: Schema.Types.Mixed, required: true },
    at: { type: Date, required: true },
  },
  { versionKey: false, autoIndex: false },
)
  .index({ userId: 1, position: 1 })
  .index({ at: 1 }, { expireAfterSeconds: KEPT_SECONDS });

/** A change as stored. */
export type NoteChangeDocument = InferSchemaType<typeof changeSchema> & { _id: string };

/** The collection of changes to notes. */
export type NoteChangeModel = Model<NoteChangeDocument>;

/** The model of changes on one connection. */
export function noteChangeModel(connection: Connection): NoteChangeModel {
  return connection.model<NoteChangeDocument>('NoteChange', changeSchema, 'noteChanges');
}
