import mongoose from 'mongoose';
import { expect, test } from 'vitest';
import { startTestMongo } from './startTestMongo.js';

test('serves mongoose: models, indexes, unique values, dropDatabase', async () => {
  await using server = await startTestMongo();
  const connection = await mongoose.createConnection(server.mongo.uri, { dbName: 'app' }).asPromise();
  const schema = new mongoose.Schema(
    {
      email: { type: String, required: true, unique: true },
      events: [{ kind: String, at: Date }],
      secret: Buffer,
      until: Date,
    },
    { timestamps: true },
  );
  schema.index({ until: 1 }, { expireAfterSeconds: 0 });
  const User = connection.model('User', schema);
  await User.init();
  const user = await User.create({
    email: 'a@example.com',
    secret: Buffer.from('s'),
    events: [{ kind: 'made', at: new Date(1) }],
  });
  await expect(User.create({ email: 'a@example.com' })).rejects.toMatchObject({
    code: 11000,
    keyValue: { email: 'a@example.com' },
  });
  const event = { kind: 'seen', at: new Date(2) };
  const updated = await User.findOneAndUpdate(
    { _id: user._id, $or: [{ until: null }, { until: { $lt: new Date() } }] },
    { $push: { events: { $each: [event], $position: 0, $slice: 5 } } },
    { returnDocument: 'after' },
  );
  expect(updated?.events.map(({ kind }) => kind)).toEqual(['seen', 'made']);
  user.email = 'b@example.com';
  await user.save();
  expect(await User.exists({ email: 'b@example.com' })).toMatchObject({ _id: user._id });
  expect((await User.find().lean()).map(({ secret }) => secret?.toString())).toEqual(['s']);
  expect(await User.countDocuments({ 'events.kind': 'seen' })).toBe(1);
  await User.bulkWrite([
    { updateOne: { filter: { _id: user._id }, update: { $set: { until: new Date(5) } } } },
    { deleteOne: { filter: { email: 'x' } } },
  ]);
  expect(await User.syncIndexes()).toEqual([]);
  await connection.dropDatabase();
  expect(await User.estimatedDocumentCount()).toBe(0);
  await connection.close();
});
