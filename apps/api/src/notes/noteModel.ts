import { type Connection, type InferSchemaType, type Model, Schema } from 'mongoose';

const noteSchema = new Schema(
  {
    /** The owner and the note's id, so that ids are unique for each owner and tell nothing about others'. */
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    text: { type: String, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { versionKey: false, autoIndex: false },
).index({ userId: 1, createdAt: -1, _id: -1 });

/** A note as stored. */
export type NoteDocument = InferSchemaType<typeof noteSchema> & { _id: string };

/** The collection of notes. */
export type NoteModel = Model<NoteDocument>;

/** The model of notes on one connection. */
export function noteModel(connection: Connection): NoteModel {
  return connection.model<NoteDocument>('Note', noteSchema, 'notes');
}
