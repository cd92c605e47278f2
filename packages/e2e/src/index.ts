export { launchChromium, launchWithProfile } from './launchChromium.js';
export type { Profile, ProfileOptions } from './openProfile.js';
export { openProfile } from './openProfile.js';
export { staleLines } from './staleLines.js';
export type { RunningApp, RunningAppOptions } from './startApp.js';
export { startApp } from './startApp.js';
export { addItem, signUp, testSession } from './testSession.js';
