import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { mongo } from 'mongoose';
import { describe, expect, it } from 'vitest';
import { isDatabaseUnavailable, isDuplicateKey } from './faults.js';

describe('isDatabaseUnavailable', () => {
  it('knows the error of a write after the other side has closed, which the driver does not wrap', async () => {
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

  it('knows the driver’s errors of a lost connection and of a server that shuts down', () => {
    expect(isDatabaseUnavailable(new mongo.MongoNetworkError('reset'))).toBe(true);
    expect(isDatabaseUnavailable(new mongo.MongoServerError({ code: 11600, message: 'shutdown' }))).toBe(
      true,
    );
  });

  it('takes no refusal and no fault of the app’s own for an outage', () => {
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

  it('finds a refusal by a unique index', () => {
    expect(isDuplicateKey(new mongo.MongoServerError({ code: 11000, message: 'duplicate' }))).toBe(true);
    expect(isDuplicateKey(new mongo.MongoServerError({ code: 121, message: 'invalid' }))).toBe(false);
    expect(isDuplicateKey({ code: 11000 })).toBe(false);
  });

  it('finds nothing in a bulk write that failed for another reason too', () => {
    expect(isDuplicateKey(bulkError(11000, 11000))).toBe(true);
    expect(isDuplicateKey(bulkError(11000, 121))).toBe(false);
    expect(isDuplicateKey(bulkError())).toBe(false);
  });
});
