#!/usr/bin/env node
// usage: checkStyle.js [files or folders]   without any: the whole workspace
import { join, resolve } from 'node:path';
import { checkStyle } from '../lib/style/checkStyle.js';
import { ROOT } from '../lib/workspace.js';

const given = process.argv.slice(2).map((path) => resolve(path));
const findings = checkStyle(ROOT, given.length > 0 ? given : [join(ROOT, 'packages'), join(ROOT, 'apps')]);
for (const finding of findings) console.error(finding);
process.exitCode = findings.length === 0 ? 0 : 1;
