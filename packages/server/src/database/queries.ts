import type { Query } from 'mongoose';
import { withTimeout } from './withTimeout.js';

/** The plain document that a query finds, if there is one. */
export async function one<T>(query: Query<unknown, unknown, unknown, T>): Promise<T | undefined> {
  return (await withTimeout(query.lean<T>().exec())) ?? undefined;
}

/** The plain documents that a query finds. */
export function many<T>(query: Query<unknown[], unknown, unknown, T>): Promise<T[]> {
  return withTimeout(query.lean<T[]>().exec());
}

/** Runs a write. */
export function run<T>(write: { exec(): Promise<T> }): Promise<T> {
  return withTimeout(write.exec());
}
