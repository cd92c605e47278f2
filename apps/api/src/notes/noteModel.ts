import { type Connection, type InferSchemaType, type Model, Schema } from 'mongoose';

const noteSchema = new Schema(
  {
    /** Owner and id: an id is unique for its owner, and reveals nothing about other owners' notes. */
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    text: { type: String, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { versionKey: false, autoIndex: false },
).index({ userId: 1, createdAt: -1, _id: -1 });

export type NoteDocument = InferSchemaType<typeof noteSchema> & { _id: string };

export type NoteModel = Model<NoteDocument>;

export function noteModel(connection: Connection): NoteModel {
  return connection.model<NoteDocument>('Note', noteSchema, 'notes');
}
