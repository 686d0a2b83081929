/** For the tests of all packages. */
export { Random } from './testing/random.ts';
