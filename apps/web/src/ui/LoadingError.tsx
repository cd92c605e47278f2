import type { ReactNode } from 'react';
import { failureOf } from '../forms/failureOf.js';
import { Button } from './Button.js';
import { Notice } from './Notice.js';

export interface LoadingErrorProps {
  readonly error: unknown;
  readonly onRetry: () => unknown;
}

/** Shown in place of a list that could not be fetched. */
export function LoadingError({ error, onRetry }: LoadingErrorProps): ReactNode {
  return (
    <div role="alert">
      <Notice
        kind="wrong"
        action={
          <Button size="small" onClick={() => void onRetry()}>
            Try again
          </Button>
        }
      >
        {failureOf(error).message}
      </Notice>
    </div>
  );
}
