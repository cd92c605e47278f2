import { AlertDialog } from '@base-ui/react/alert-dialog';
import type { ReactElement, ReactNode } from 'react';
import { Button } from './Button.js';

export interface ConfirmDialogProps {
  /** The button that opens it. */
  readonly trigger: ReactElement<Record<string, unknown>>;
  readonly title: string;
  readonly children: ReactNode;
  /** The label of the button that confirms. */
  readonly action: string;
  readonly onConfirm: () => void;
}

/** Asks for a confirmation before an action that cannot be undone. */
export function ConfirmDialog({
  trigger,
  title,
  children,
  action,
  onConfirm,
}: ConfirmDialogProps): ReactNode {
  return (
    <AlertDialog.Root>
      <AlertDialog.Trigger render={trigger} />
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={BACKDROP_CLASS} />
        <AlertDialog.Popup className={POPUP_CLASS}>
          <AlertDialog.Title className="text-xl">{title}</AlertDialog.Title>
          <AlertDialog.Description render={<div className="text-soft" />}>{children}</AlertDialog.Description>
          <div className="flex flex-wrap justify-end gap-2">
            <AlertDialog.Close render={<Button>Cancel</Button>} />
            <AlertDialog.Close
              render={
                <Button look="danger" onClick={onConfirm}>
                  {action}
                </Button>
              }
            />
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

/** What lies between a dialog and the page behind it. */
export const BACKDROP_CLASS =
  'fixed inset-0 z-50 bg-black/50 transition-opacity data-[ending-style]:opacity-0 data-[starting-style]:opacity-0';

/** A dialog's plate. */
export const POPUP_CLASS =
  'fixed top-1/2 left-1/2 z-50 grid max-h-[90dvh] w-[calc(100vw-2rem)] max-w-md -translate-x-1/2 -translate-y-1/2 gap-4 overflow-y-auto rounded-lg border border-line border-t-4 border-t-brass-fill bg-surface p-5 shadow-raised transition-opacity data-[ending-style]:opacity-0 data-[starting-style]:opacity-0 sm:p-6';
