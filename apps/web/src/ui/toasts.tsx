import { Toast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';

const manager = Toast.createToastManager();

export interface ToastMessage {
  readonly title: string;
  readonly description?: string;
  /** Failures are announced at once and stay longer. */
  readonly kind?: 'done' | 'failed';
}

/** Shows a passing message about the result of an action. */
export function toast({ title, description, kind = 'done' }: ToastMessage): void {
  manager.add({
    title,
    description,
    type: kind,
    priority: kind === 'failed' ? 'high' : 'low',
    timeout: kind === 'failed' ? 10_000 : 5_000,
  });
}

/** Shows the toasts; rendered once per page. */
export function Toaster(): ReactNode {
  return (
    <Toast.Provider toastManager={manager}>
      <Toast.Portal>
        <Toast.Viewport className="fixed right-4 bottom-4 left-4 z-50 grid justify-items-end gap-2 sm:left-auto sm:w-88">
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function ToastList(): ReactNode {
  const { toasts } = Toast.useToastManager();
  return toasts.map((item) => (
    <Toast.Root
      key={item.id}
      toast={item}
      swipeDirection={['right', 'down']}
      className="w-full rounded-md border border-line border-l-4 bg-surface shadow-raised transition data-[ending-style]:translate-y-2 data-[starting-style]:translate-y-2 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0 data-[type=done]:border-l-patina data-[type=failed]:border-l-rust"
    >
      <Toast.Content className="flex items-start gap-3 py-3 pr-2 pl-3.5">
        <div className="min-w-0 flex-1 self-center">
          <Toast.Title className="font-semibold" />
          <Toast.Description className="text-[0.9375rem] text-soft" />
        </div>
        <Toast.Close
          aria-label="Dismiss"
          className="grid size-9 place-items-center rounded-md hover:bg-sunken"
        >
          <X aria-hidden className="size-4" />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ));
}
