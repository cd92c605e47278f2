import { Schema } from 'mongoose';
import { connection } from './database.js';

const schema = new Schema({
  _id: { type: String, required: true },
  owner: { type: String, required: true },
  title: { type: String, required: true },
  addedAt: { type: Date, required: true },
});

export const BookModel = connection.model('book', schema);
