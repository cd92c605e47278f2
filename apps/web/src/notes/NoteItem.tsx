import { Pencil, Trash2 } from 'lucide-react';
import { type FormEvent, memo, type ReactNode, useState } from 'react';
import { INPUT_CLASS } from '../forms/Field.js';
import { Button } from '../ui/Button.js';
import { formatTime } from '../ui/formatTime.js';
import type { Note } from './notesCache.js';

export interface NoteItemProps {
  readonly note: Note;
  /** Whether the server has not stored this text yet. */
  readonly isSaving: boolean;
  readonly onUpdate: (id: string, text: string) => void;
  readonly onRemove: (id: string) => void;
}

/** One note, edited in place. The browser does not lay out notes that are out of sight. */
export const NoteItem = memo(({ note, isSaving, onUpdate, onRemove }: NoteItemProps): ReactNode => {
  const [isEditing, setEditing] = useState(false);
  const { id, text, createdAt } = note;
  return (
    <li className="flex items-start gap-2 px-4 py-3 [contain-intrinsic-size:auto_4.5rem] [content-visibility:auto]">
      {isEditing ? (
        <Editor
          text={text}
          onDone={(changed) => {
            setEditing(false);
            if (changed && changed !== text) onUpdate(id, changed);
          }}
        />
      ) : (
        <>
          <div className={`min-w-0 flex-1 ${isSaving ? 'opacity-60' : ''}`}>
            <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">{text}</p>
            <time dateTime={createdAt} className="text-sm text-soft">
              {isSaving ? 'Saving…' : formatTime(createdAt)}
            </time>
          </div>
          {!isSaving && (
            <div className="-mr-2 flex flex-none">
              <Button look="bare" size="small" aria-label={`Edit “${text}”`} onClick={() => setEditing(true)}>
                <Pencil aria-hidden className="size-4" />
              </Button>
              <Button look="bare" size="small" aria-label={`Delete “${text}”`} onClick={() => onRemove(id)}>
                <Trash2 aria-hidden className="size-4" />
              </Button>
            </div>
          )}
        </>
      )}
    </li>
  );
});

/** Calls `onDone` with the new text, or without one when the person cancels. */
function Editor({ text, onDone }: { text: string; onDone: (text?: string) => void }): ReactNode {
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onDone(String(new FormData(event.currentTarget).get('text')).trim());
  };
  return (
    <form onSubmit={save} className="flex flex-1 flex-wrap gap-2">
      <input
        // biome-ignore lint/a11y/noAutofocus: the input replaces the button that the visitor has just pressed
        autoFocus
        name="text"
        aria-label="Text of the note"
        defaultValue={text}
        maxLength={2000}
        onKeyDown={({ key }) => key === 'Escape' && onDone()}
        className={`${INPUT_CLASS} min-w-0 flex-1 basis-48`}
      />
      <Button type="submit" look="primary">
        Save
      </Button>
      <Button onClick={() => onDone()}>Cancel</Button>
    </form>
  );
}
