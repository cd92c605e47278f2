export { launchChromium, launchWithProfile } from '@latchkey/testing';
