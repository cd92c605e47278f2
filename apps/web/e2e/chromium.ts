export { launchChromium } from '@latchkey/testing';
