import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { mongo } from 'mongoose';
import { describe, expect, it } from 'vitest';
import { isDatabaseUnavailable, isDuplicateKey } from './faults.js';

describe('isDatabaseUnavailable', () => {
  it('recognises a write after the other side has closed, which the driver does not wrap', async () => {
    const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const socket = connect(address.port, '127.0.0.1');
    const error = await new Promise<Error | null | undefined>((resolve) => {
      socket.once('end', () => setImmediate(() => socket.write('too late', resolve))).resume();
    });
    server.close();
    expect(error?.message).toBe('This socket has been ended by the other party');
    expect(isDatabaseUnavailable(error)).toBe(true);
  });

  it('recognises the driver’s errors for a lost connection and a server that shuts down', () => {
    expect(isDatabaseUnavailable(new mongo.MongoNetworkError('reset'))).toBe(true);
    expect(isDatabaseUnavailable(new mongo.MongoServerError({ code: 11600, message: 'shutdown' }))).toBe(
      true,
    );
  });

  it('treats neither a refusal nor a fault of the app as an outage', () => {
    expect(isDatabaseUnavailable(new mongo.MongoServerError({ code: 11000, message: 'duplicate' }))).toBe(
      false,
    );
    expect(isDatabaseUnavailable(new TypeError('x is not a function'))).toBe(false);
    expect(isDatabaseUnavailable('EPIPE')).toBe(false);
  });
});

describe('isDuplicateKey', () => {
  const bulkError = (...codes: number[]): unknown =>
    Object.assign(Object.create(mongo.MongoBulkWriteError.prototype), {
      writeErrors: codes.map((code) => ({ code })),
    });

  it('recognises a refusal by a unique index', () => {
    expect(isDuplicateKey(new mongo.MongoServerError({ code: 11000, message: 'duplicate' }))).toBe(true);
    expect(isDuplicateKey(new mongo.MongoServerError({ code: 121, message: 'invalid' }))).toBe(false);
    expect(isDuplicateKey({ code: 11000 })).toBe(false);
  });

  it('is false for a bulk write that also failed for another reason', () => {
    expect(isDuplicateKey(bulkError(11000, 11000))).toBe(true);
    expect(isDuplicateKey(bulkError(11000, 121))).toBe(false);
    expect(isDuplicateKey(bulkError())).toBe(false);
  });
});
