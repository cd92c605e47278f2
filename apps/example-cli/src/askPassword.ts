import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Asks for a password without showing it. Without a terminal, reads a line of the input. */
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
