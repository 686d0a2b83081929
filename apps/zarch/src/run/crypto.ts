/** Node's cryptography for what every start needs. As an imported module Node loads all of it, at the expense of each thread. */
import process from 'node:process';

export const { createHash, randomFill } = process.getBuiltinModule('node:crypto');
