import { Menu } from '@base-ui/react/menu';
import { useUser } from '@latchkey/react';
import type { inferOutput } from '@trpc/tanstack-react-query';
import { Ellipsis } from 'lucide-react';
import type { ReactNode } from 'react';
import type { trpc } from '../trpc.js';
import { Badge } from '../ui/Badge.js';
import { Button } from '../ui/Button.js';
import type { UserActions } from './useUserActions.js';

type User = inferOutput<typeof trpc.admin.users.list>['items'][number];

const ITEM_CLASS =
  'block w-full rounded-sm px-3 py-2 text-left outline-none data-[highlighted]:bg-sunken data-[highlighted]:text-text';

/** One account in the list of users, with its menu of actions. */
export function UserItem({ user, actions }: { user: User; actions: UserActions }): ReactNode {
  const { id, username, email, emailVerified, roles, disabled } = user;
  const isSelf = useUser()?.id === id;
  return (
    <li className="flex items-center gap-3 px-4 py-3">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
          <span className="[overflow-wrap:anywhere]">{username}</span>
          {isSelf && <Badge kind="good">You</Badge>}
          {roles.map((role) => (
            <Badge key={role} kind="brass">
              {role}
            </Badge>
          ))}
          {disabled && <Badge kind="wrong">Disabled</Badge>}
        </p>
        <p className="text-sm text-soft [overflow-wrap:anywhere]">
          {email}
          {!emailVerified && ' · not verified'}
        </p>
      </div>
      <UserMenu user={user} actions={actions} isSelf={isSelf} />
    </li>
  );
}

interface UserMenuProps {
  readonly user: User;
  readonly actions: UserActions;
  readonly isSelf: boolean;
}

/** The actions on one account. Administrators cannot disable themselves. */
function UserMenu({ user: { id, username, disabled }, actions, isSelf }: UserMenuProps): ReactNode {
  return (
    <Menu.Root>
      <Menu.Trigger
        render={
          <Button look="bare" size="small" aria-label={`Actions for ${username}`}>
            <Ellipsis aria-hidden className="size-5" />
          </Button>
        }
      />
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={4} className="z-50">
          <Menu.Popup className="min-w-44 rounded-md border border-line-strong bg-surface p-1 shadow-raised">
            <Menu.Item className={ITEM_CLASS} onClick={() => actions.endSessions(id)}>
              End all sessions
            </Menu.Item>
            {disabled ? (
              <Menu.Item className={ITEM_CLASS} onClick={() => actions.enable(id)}>
                Enable
              </Menu.Item>
            ) : (
              !isSelf && (
                <Menu.Item className={`${ITEM_CLASS} text-rust`} onClick={() => actions.disable(id)}>
                  Disable
                </Menu.Item>
              )
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
