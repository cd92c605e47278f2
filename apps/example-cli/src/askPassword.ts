import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Asks for a password on the terminal, without showing it; reads a line where there is no terminal. */
export async function askPassword(): Promise<string> {
  const { stdin, stderr } = process;
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: stdin, output: silent, terminal: stdin.isTTY });
  try {
    stderr.write('Password: ');
    return await terminal.question('');
  } finally {
    stderr.write('\n');
    terminal.close();
  }
}
