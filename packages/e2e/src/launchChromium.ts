import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type LaunchOptions } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

const USUAL_PLACES = [
  '/snap/bin/chromium',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/** The browser must not contact other hosts: the tests use loopback only. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

interface Executable {
  readonly path: string;
  readonly env: Record<string, string>;
}

function isExecutable(path: string) {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function findInstalled(): Promise<Executable | undefined> {
  const { CHROMIUM_PATH, PATH = '' } = process.env;
  const onPath = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  for (const path of CHROMIUM_PATH ? [CHROMIUM_PATH] : [...onPath, ...USUAL_PLACES])
    if (await isExecutable(path)) return { path, env: {} };
  if (CHROMIUM_PATH) throw new Error(`CHROMIUM_PATH is not an executable file: ${CHROMIUM_PATH}`);
  return undefined;
}

/**
 * Unpacks the Chromium of an npm package, with the libraries that a bare Linux lacks. It is unpacked into a temporary
 * folder and then renamed, since several test processes may unpack at the same time.
 */
async function unpackFromNpm(): Promise<Executable> {
  const modules = fileURLToPath(new URL('../node_modules/', import.meta.url));
  const description = await readFile(join(modules, '@sparticuz/chromium/package.json'), 'utf8');
  const { version } = JSON.parse(description);
  const cache = join(modules, '.cache');
  const place = join(cache, `chromium-${version}`);
  if (!(await isExecutable(join(place, 'chromium')))) {
    await mkdir(cache, { recursive: true });
    const workshop = await mkdtemp(`${place}-`);
    await unpackInto(workshop);
    await writeFile(join(workshop, 'fonts', 'fonts.conf'), fontSettings(join(place, 'fonts')));
    await rename(workshop, place).catch(() => rm(workshop, { recursive: true })); // another process was faster
  }
  return {
    path: join(place, 'chromium'),
    env: { LD_LIBRARY_PATH: join(place, 'al2023', 'lib'), FONTCONFIG_PATH: join(place, 'fonts') },
  };
}

/** The settings of the package expect the font paths of a cloud. Without a font, Chromium crashes. */
function fontSettings(folder: string) {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(folder, 'cache')}</cachedir>
</fontconfig>
`;
}

/** The package unpacks into TMPDIR, and unpacks its libraries only in a cloud. */
async function unpackInto(folder: string) {
  const { default: packaged } = await import('@sparticuz/chromium');
  const { TMPDIR, AWS_EXECUTION_ENV } = process.env;
  Object.assign(process.env, { TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' });
  try {
    await packaged.executablePath();
  } finally {
    for (const [name, value] of Object.entries({ TMPDIR, AWS_EXECUTION_ENV })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

/** Starts a headless Chromium: an installed one, or else the one from npm. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch(await launchOptions());
}

/** Starts Chromium with a profile that is kept in a folder. */
export async function launchWithProfile(folder: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, await launchOptions());
}

async function launchOptions(): Promise<LaunchOptions> {
  const { path, env } = (await findInstalled()) ?? (await unpackFromNpm());
  const known = Object.entries({ ...process.env, ...env }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return { executablePath: path, args: ARGUMENTS, env: Object.fromEntries(known) };
}
