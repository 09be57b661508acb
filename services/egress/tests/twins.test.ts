import { createTestClock } from '@switchboard/testing';
import { leasesContract, wamidsContract, windowsContract } from './support/contracts.js';
import { memoryLeases, memoryWamids, memoryWindows } from './support/twins.js';

const clock = createTestClock();

windowsContract('in-memory', memoryWindows);
wamidsContract('in-memory', memoryWamids);
leasesContract('in-memory', memoryLeases(clock.now), (_partition, byMs) => clock.advance(10_000 + byMs));
