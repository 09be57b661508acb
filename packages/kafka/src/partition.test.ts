import { partitionOf } from './partition.js';

describe('the partition of a number', () => {
  // Taken from the default partitioner of the Kafka client that publishes.
  it.each([
    ['', 9, 25],
    ['1', 3, 15],
    ['12', 10, 6],
    ['123', 5, 45],
    ['1234', 0, 20],
    ['106540352242922', 0, 56],
    ['109876543210987', 9, 5],
    ['555', 5, 25],
    ['é', 3, 7],
    ['ééé', 5, 41],
  ])('of %j is the one its records are published to', (key, of12, of64) => {
    expect([partitionOf(key, 12), partitionOf(key, 64)]).toEqual([of12, of64]);
  });
});
