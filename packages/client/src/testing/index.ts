export {
  createFaults,
  type Fault,
  type Faults,
  type FaultsOptions,
  type FaultyRequest,
} from './createFaults.js';
export { createTestClock, type TestClock } from './createTestClock.js';
