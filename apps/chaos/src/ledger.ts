/** A span of time in which the database's memory was lost. */
export interface Forgotten {
  readonly from: number;
  readonly to: number;
}

/** What is in the database at the end: how often each text is there, and how often its creation was announced. */
export interface Stored {
  readonly notes: ReadonlyMap<string, number>;
  readonly creations: ReadonlyMap<string, number>;
}

/** What came of the writes. */
export interface LedgerResult {
  readonly attempted: number;
  readonly acknowledged: number;
  /** Acknowledged writes that the restored copy could not have: not compared. */
  readonly excluded: number;
  readonly lost: readonly string[];
  readonly ranTwice: readonly string[];
}

/** The clients' own record of what they wrote; every note has a text of its own. */
export interface Ledger {
  /** Notes that a note is about to be sent, again or for the first time. */
  sent(text: string): void;
  acknowledged(text: string): void;
  compare(stored: Stored, forgotten: Forgotten | undefined): LedgerResult;
}

interface Entry {
  sentAt: number;
  acknowledgedAt?: number;
}

/** Creates an empty {@link Ledger}. */
export function createLedger(now: () => number): Ledger {
  const entries = new Map<string, Entry>();
  return {
    sent(text) {
      entries.set(text, { sentAt: now() });
    },
    acknowledged(text) {
      const entry = entries.get(text);
      if (entry === undefined) throw new Error(`${text} was never sent`);
      entry.acknowledgedAt = now();
    },
    compare({ notes, creations }, forgotten) {
      const all = [...entries];
      const acknowledged = all.filter(([, { acknowledgedAt }]) => acknowledgedAt !== undefined);
      const comparable = acknowledged.filter(([, entry]) => !isForgotten(entry, forgotten));
      const texts = new Set([...notes.keys(), ...creations.keys()]);
      return {
        attempted: all.length,
        acknowledged: acknowledged.length,
        excluded: acknowledged.length - comparable.length,
        lost: comparable.map(([text]) => text).filter((text) => !notes.has(text)),
        ranTwice: [...texts].filter((text) => (notes.get(text) ?? 0) > 1 || (creations.get(text) ?? 0) > 1),
      };
    },
  };
}

/** Whether a write may have been made between the copy and its being put in place. */
function isForgotten({ sentAt, acknowledgedAt = 0 }: Entry, forgotten: Forgotten | undefined): boolean {
  return forgotten !== undefined && sentAt < forgotten.to && acknowledgedAt > forgotten.from;
}
