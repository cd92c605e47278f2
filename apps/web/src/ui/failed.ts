import { failureOf } from '../forms/failureOf.js';
import { toast } from './toasts.js';

/** Tells in a toast that something was not done, and why; to be given to `onError`. */
export function failed(title: string) {
  return (error: unknown): void => toast({ kind: 'failed', title, description: failureOf(error).message });
}
