import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** The compilers that are compared, by the names they are installed under. */
export const COMPILERS = { '5.9': 'typescript-5.9', '7': 'typescript' } as const;

/** One of them. */
export type Compiler = keyof typeof COMPILERS;

/** What the compiler found and how much it had to do. */
export interface Compilation {
  /** Lines such as `src/client.ts(1,2): error TS2322: …`. */
  readonly errors: readonly string[];
  /** How often the compiler put types into a generic one. */
  readonly instantiations: number;
  /** Types that it made. */
  readonly types: number;
  readonly seconds: number;
}

/** TypeScript 7 checks with several checkers, each of which instantiates anew: how much would be chance. */
const ONE_CHECKER: Readonly<Record<Compiler, readonly string[]>> = { '5.9': [], '7': ['--singleThreaded'] };

/** Compiles the project in `folder` and writes its declarations. */
export async function compile(compiler: Compiler, folder: string): Promise<Compilation> {
  const tsc = join(dirname(require.resolve(`${COMPILERS[compiler]}/package.json`)), 'bin', 'tsc');
  const args = [tsc, '-p', folder, '--pretty', 'false', '--extendedDiagnostics', ...ONE_CHECKER[compiler]];
  // Errors are among what is looked for: an exit code above 0 says no more than the lines do.
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { cwd: folder }, (_error, stdout, stderr) => resolve(stdout + stderr));
  });
  const figure = (name: string) => {
    const [, found] = new RegExp(`^${name}:\\s+([\\d.]+)s?$`, 'm').exec(output) ?? [];
    if (found === undefined) throw new Error(`The compiler told no ${name}:\n${output}`);
    return Number(found);
  };
  return {
    errors: output.split('\n').filter((line) => line.includes('error TS')),
    instantiations: figure('Instantiations'),
    types: figure('Types'),
    seconds: figure('Total time'),
  };
}
