import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding, Scenario } from '../scenario.js';
import { type Compiler, compile } from '../types/compile.js';
import { type HostProjectOptions, writeHostProject } from '../types/hostProject.js';
import { judgeExactly } from '../verdict.js';

/** The procedures of a large app. What Latchkey adds to it beyond a small app is growth. */
const MANY = 100;
const PACKAGES = ['api', 'web'] as const;
/** "Less than 5 % plus a constant", as a ratio. */
const GOAL = 1 / 1.05;

/** The instantiations of one compiler for one of the two packages, with and without Latchkey. */
interface TypesRow {
  readonly [column: string]: string | number;
  readonly name: string;
  readonly without: number;
  readonly with: number;
  /** What Latchkey adds to an app of one procedure. */
  readonly constant: number;
  /** What it adds to the large app beyond the constant. */
  readonly growth: number;
}

export const types: Scenario = {
  summary: `instantiations of a router of ${MANY} procedures and of its client, with Latchkey and without`,
  async run({ progress }) {
    const rows: TypesRow[] = [];
    for (const compiler of ['5.9', '7'] as const) {
      progress(`TypeScript ${compiler}`);
      rows.push(...(await compare(compiler)));
    }
    const columns = ['name', 'without', 'with', 'constant', 'growth'];
    const title = `instantiations, ${MANY} procedures`;
    return { tables: [{ title, columns, rows }], goals: rows.map(judge) };
  },
};

async function compare(compiler: Compiler): Promise<TypesRow[]> {
  const instantiations = (options: HostProjectOptions) => countBoth(compiler, options);
  const large = await instantiations({ procedures: MANY, withAuth: false });
  const largeWith = await instantiations({ procedures: MANY, withAuth: true });
  const small = await instantiations({ procedures: 1, withAuth: false });
  const smallWith = await instantiations({ procedures: 1, withAuth: true });
  return PACKAGES.map((part) => {
    const constant = smallWith[part] - small[part];
    return {
      name: `${part === 'api' ? 'router' : 'client'}, TypeScript ${compiler}`,
      without: large[part],
      with: largeWith[part],
      constant,
      growth: largeWith[part] - large[part] - constant,
    };
  });
}

async function countBoth(compiler: Compiler, options: HostProjectOptions) {
  const root = await mkdtemp(join(tmpdir(), 'latchkey-types-'));
  try {
    const project = await writeHostProject(root, options);
    const api = await compile(compiler, project.api);
    const web = await compile(compiler, project.web);
    const [error] = [...api.errors, ...web.errors];
    if (error) throw new Error(error);
    return { api: api.instantiations, web: web.instantiations };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

function judge({ name, without, growth }: TypesRow): Finding {
  return { name: `instantiations: ${name}`, ...judgeExactly(without / (without + growth), GOAL) };
}
