import { failureOf } from '../forms/failureOf.js';
import { toast } from './toasts.js';

/** Shows in a toast what failed and why; used as `onError`. */
export function failed(title: string) {
  return (error: unknown): void => toast({ kind: 'failed', title, description: failureOf(error).message });
}
