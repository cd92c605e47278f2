export { launchChromium, launchWithProfile } from '@latchkey/e2e';
