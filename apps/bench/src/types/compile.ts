import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** The compilers, and the package of each. */
export const COMPILERS = { '5.9': 'typescript-5.9', '7': 'typescript' } as const;

export type Compiler = keyof typeof COMPILERS;

/** The errors of a compilation, and the work it took. */
export interface Compilation {
  /** Lines such as `src/client.ts(1,2): error TS2322: …`. */
  readonly errors: readonly string[];
  readonly instantiations: number;
  readonly types: number;
  readonly seconds: number;
}

/** By default, TypeScript 7 divides files among several checkers. Each repeats instantiations, so the count varies. */
const ONE_CHECKER: Readonly<Record<Compiler, readonly string[]>> = { '5.9': [], '7': ['--singleThreaded'] };

/** Compiles the project in `folder` and writes its declarations. */
export async function compile(compiler: Compiler, folder: string): Promise<Compilation> {
  const tsc = join(dirname(require.resolve(`${COMPILERS[compiler]}/package.json`)), 'bin', 'tsc');
  const args = [tsc, '-p', folder, '--pretty', 'false', '--extendedDiagnostics', ...ONE_CHECKER[compiler]];
  // Errors are part of the result: the exit code adds nothing to their lines.
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { cwd: folder }, (_error, stdout, stderr) => resolve(stdout + stderr));
  });
  const figure = (name: string) => {
    const [, found] = new RegExp(`^${name}:\\s+([\\d.]+)s?$`, 'm').exec(output) ?? [];
    if (found === undefined) throw new Error(`The compiler did not print ${name}:\n${output}`);
    return Number(found);
  };
  return {
    errors: output.split('\n').filter((line) => line.includes('error TS')),
    instantiations: figure('Instantiations'),
    types: figure('Types'),
    seconds: figure('Total time'),
  };
}
