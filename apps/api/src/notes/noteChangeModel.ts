import { type Connection, type InferSchemaType, type Model, Schema } from 'mongoose';

/** How long a listener may be disconnected and still resume. */
const KEPT_SECONDS = 24 * 60 * 60;

const changeSchema = new Schema(
  {
    /** The owner and the position of the previous change. No two changes can follow the same one. */
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    /** Grows with each change of one owner. The time in milliseconds, or one more than the previous position. */
    position: { type: Number, required: true },
    event: { type: Schema.Types.Mixed, required: true },
    at: { type: Date, required: true },
  },
  { versionKey: false, autoIndex: false },
)
  .index({ userId: 1, position: 1 })
  .index({ at: 1 }, { expireAfterSeconds: KEPT_SECONDS });

export type NoteChangeDocument = InferSchemaType<typeof changeSchema> & { _id: string };

export type NoteChangeModel = Model<NoteChangeDocument>;

export function noteChangeModel(connection: Connection): NoteChangeModel {
  return connection.model<NoteChangeDocument>('NoteChange', changeSchema, 'noteChanges');
}
