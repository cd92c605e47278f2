import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { toText } from './report.js';
import type { Scenario, ScenarioResult } from './scenario.js';
import { guard } from './scenarios/guard.js';
import { loginStorm } from './scenarios/loginStorm.js';
import { refresh } from './scenarios/refresh.js';
import { sameTime } from './scenarios/sameTime.js';
import { sessions } from './scenarios/sessions.js';
import { types } from './scenarios/types.js';

const scenarios: Readonly<Record<string, Scenario>> = {
  guard,
  refresh,
  sessions,
  types,
  'login-storm': loginStorm,
  'same-time': sameTime,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    launches: { type: 'string', default: '6' },
    rounds: { type: 'string', default: '8' },
    requests: { type: 'string', default: '250' },
    'warm-up': { type: 'string', default: '4000' },
    sessions: { type: 'string', default: '1000000' },
    people: { type: 'string', default: '200' },
    only: { type: 'string' },
  },
});

function say(message: string) {
  process.stderr.write(`${message}\n`);
}

function positive(name: Exclude<keyof typeof values, 'json' | 'only'>): number {
  const value = Number(values[name]);
  if (Number.isSafeInteger(value) && value > 0) return value;
  say(`--${name} must be a whole number above 0.`);
  process.exit(2);
}

const settings = {
  launches: positive('launches'),
  rounds: positive('rounds'),
  requests: positive('requests'),
  warmUp: positive('warm-up'),
  sessions: positive('sessions'),
  people: positive('people'),
  only: values.only,
};
const unknown = positionals.filter((name) => !Object.hasOwn(scenarios, name));
if (unknown.length > 0) {
  say(`There is no scenario ${unknown.join(', ')}. There are: ${Object.keys(scenarios).join(', ')}.`);
  process.exit(2);
}

const chosen = Object.entries(scenarios).filter(
  ([name]) => positionals.length === 0 || positionals.includes(name),
);
if (positionals.length === 0) for (const [name, { summary }] of chosen) say(`${name}: ${summary}`);

const results: Record<string, ScenarioResult> = {};
for (const [name, scenario] of chosen) {
  const result = await scenario.run({ ...settings, progress: (message) => say(`${name}: ${message}`) });
  results[name] = result;
  if (!values.json) process.stdout.write(`\n${toText(result)}\n\n`);
}
if (values.json) {
  const machine = { node: process.version, processors: cpus().length, model: cpus()[0]?.model };
  process.stdout.write(`${JSON.stringify({ machine, settings, scenarios: results }, undefined, 2)}\n`);
}

// An undecided goal is no failure.
const goals = Object.values(results).flatMap((result) => result.goals);
process.exitCode = goals.some(({ verdict }) => verdict === 'missed') ? 1 : 0;
