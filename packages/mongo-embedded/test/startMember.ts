import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Another process that takes part in a database. */
export type TestMember = AsyncDisposable & {
  /** Resolves once the process has had that role, and to its URI; `'any'` for its first one. */
  hasRole: (role: 'owner' | 'joined' | 'any') => Promise<string>;
  role: () => string | undefined;
  /** Ends the process at once, as `kill -9` does, or politely; resolves to its exit code. */
  kill: (signal?: NodeJS.Signals) => Promise<number | null>;
};

/** Starts a process of its own on a folder. */
export function startMember(folder: string): TestMember {
  const script = fileURLToPath(new URL('./member.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const reports: { role: string; uri: string }[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [role = '', uri = ''] = line.split(' ');
    reports.push({ role, uri });
    for (const look of waiting) look();
  });
  const hasRole = (role: string) =>
    new Promise<string>((resolve) => {
      const look = () => {
        const report = reports.find((each) => role === 'any' || each.role === role);
        if (report) {
          waiting.delete(look);
          resolve(report.uri);
        }
      };
      waiting.add(look);
      look();
    });
  const kill = async (signal: NodeJS.Signals = 'SIGKILL') => endProcess(child, signal);
  return {
    hasRole,
    role: () => reports.at(-1)?.role,
    kill,
    [Symbol.asyncDispose]: async () => void (await kill()),
  };
}

async function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
  return child.exitCode;
}
