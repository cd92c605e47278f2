import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../dist/index.js', import.meta.url));

/** Starts the built tool with `input` as its standard input. */
export function startTool(args: readonly string[], input = '') {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: 'pipe' });
  const lines: string[] = [];
  const complaints: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  createInterface({ input: child.stderr }).on('line', (line) => complaints.push(line));
  child.stdin.end(input);
  const exited = once(child, 'close').then(([code]): number | null => code);
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  return { lines, complaints, exited, kill, [Symbol.asyncDispose]: kill };
}

/** Runs the tool to its end. */
export async function runTool(args: readonly string[], input?: string) {
  const tool = startTool(args, input);
  const code = await tool.exited;
  return { code, lines: tool.lines, complaints: tool.complaints };
}
