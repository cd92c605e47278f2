import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Starts another process that takes part in the database of a folder. */
export function startMember(folder: string) {
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
  /** Resolves to the URI when the process first reports that role (or any role). */
  const hasRole = (role: 'owner' | 'joined' | 'any') =>
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
  /** Ends the process, by default as `kill -9` does. Resolves to its exit code. */
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
