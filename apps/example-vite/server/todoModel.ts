import { Schema } from 'mongoose';
import { connection } from './database.js';

const schema = new Schema({
  _id: { type: String, required: true },
  owner: { type: String, required: true },
  text: { type: String, required: true },
  addedAt: { type: Date, required: true },
  addedBy: { type: String, required: true },
});

export const TodoModel = connection.model('todo', schema);
