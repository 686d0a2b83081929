#!/usr/bin/env node
const [major] = process.versions.node.split('.');
if (Number(major) >= 24) await import('../dist/system.js');
else {
  console.error(`zarch-system-s390x: needs Node 24 or newer, and this is ${process.versions.node}`);
  process.exitCode = 1;
}
