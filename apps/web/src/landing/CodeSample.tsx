import type { ReactNode } from 'react';

const TOKEN =
  /(?<comment>\/\/[^\n]*)|(?<string>'[^'\n]*'|`[^`]*`)|(?<word>\b(?:import|from|export|const|await|new|return)\b)|(?<name>\b(?:createAuth|createSession|authLink|protectedProcedure|SessionProvider|SignedIn|useSession|auth|session)\b)/g;

const COLOURS = {
  comment: 'text-soft italic',
  string: 'text-patina',
  word: 'text-soft',
  name: 'font-semibold text-brass',
} as const;

export interface CodeSampleProps {
  readonly title: string;
  readonly code: string;
}

/** A few lines of code with Latchkey's names highlighted. */
export function CodeSample({ title, code }: CodeSampleProps): ReactNode {
  return (
    <figure className="grid min-w-0 grid-rows-[auto_1fr] overflow-hidden rounded-lg border border-line bg-surface">
      <figcaption className="border-line border-b px-4 py-2 font-medium">{title}</figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: lets people scroll it by the keyboard */}
      <pre tabIndex={0} className="overflow-x-auto p-4 font-mono text-[0.8125rem] leading-relaxed">
        <code>{colour(code)}</code>
      </pre>
    </figure>
  );
}

function colour(code: string): ReactNode[] {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const match of code.matchAll(TOKEN)) {
    const kind = kindOf(match.groups);
    parts.push(code.slice(end, match.index));
    parts.push(
      <span key={match.index} className={kind && COLOURS[kind]}>
        {match[0]}
      </span>,
    );
    end = match.index + match[0].length;
  }
  return [...parts, code.slice(end)];
}

const KINDS = ['comment', 'string', 'word', 'name'] as const;

function kindOf(groups: Record<string, string | undefined> | undefined) {
  return KINDS.find((kind) => groups?.[kind] !== undefined);
}
