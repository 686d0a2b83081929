import { describe, expect, it } from 'vitest';
import { geometricMean, median, quantile, summarize } from './statistics.ts';

describe('medians and quantiles', () => {
  it.each([
    [[3], 3],
    [[2, 1], 1.5],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 100, 1, 2], 9],
  ])('of %j is %d', (values, expected) => expect(median(values)).toBe(expected));

  it('lies between two samples in proportion', () => {
    expect(quantile([0, 10], 0.25)).toBe(2.5);
    expect(quantile([1, 2, 3, 4, 5], 0.25)).toBe(2);
    expect(quantile([1, 2, 3, 4], 0.75)).toBe(3.25);
  });

  it('leaves the samples in their order', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it('refuses no samples', () => expect(() => median([])).toThrow(RangeError));
});

it('summarizes samples by median, extremes and quartiles', () => {
  expect(summarize([5, 1, 4, 2, 3])).toEqual({
    median: 3,
    min: 1,
    max: 5,
    lowerQuartile: 2,
    upperQuartile: 4,
  });
  expect(summarize([])).toBeUndefined();
});

describe('the geometric mean', () => {
  it('of a ratio and its reciprocal is 1', () => expect(geometricMean([4, 0.25])).toBeCloseTo(1));
  it('of three values is the cube root of their product', () =>
    expect(geometricMean([1, 3, 9])).toBeCloseTo(3));
  it('of nothing is not defined', () => expect(geometricMean([])).toBeUndefined());
});
